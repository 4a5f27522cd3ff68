package dev.etcddrill.check;

import dev.etcddrill.history.Observation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What members were started with. */
final class Settings {
    private final List<Observation> observations;

    Settings(List<Observation> observations) {
        this.observations = observations;
    }

    /** The longest election timeout of any member, from its configuration file, where it is in milliseconds. */
    Optional<Duration> electionTimeout() {
        return observations.stream()
                .filter(Observation.Setting.class::isInstance)
                .map(Observation.Setting.class::cast)
                .filter(setting -> setting.name().equals("election-timeout")
                        && setting.value().matches("[0-9]{1,9}"))
                .map(setting -> Duration.ofMillis(Long.parseLong(setting.value())))
                .max(Duration::compareTo);
    }
}
