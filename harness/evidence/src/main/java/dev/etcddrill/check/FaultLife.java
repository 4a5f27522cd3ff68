package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.plan.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All events of one fault.
 *
 * @param members the members that it hurt: as injected where it was, else as planned
 * @param links the directions that it hurt
 * @param parameters as the fault events give them
 */
record FaultLife(
        String id,
        String kind,
        List<String> members,
        List<Link> links,
        Map<String, String> parameters,
        Map<FaultEvent.Phase, Duration> times) {
    private static final Set<String> DATA_FAULTS = Set.of("data-loss", "data-rollback");

    FaultLife {
        members = List.copyOf(members);
        links = List.copyOf(links);
        parameters = Map.copyOf(parameters);
        times = Map.copyOf(times);
    }

    /** The faults of an attempt in order of their first event. */
    static List<FaultLife> of(List<FaultEvent> events) {
        Map<String, List<FaultEvent>> byFault = new LinkedHashMap<>();
        events.forEach(event -> byFault.computeIfAbsent(event.fault(), unused -> new ArrayList<>())
                .add(event));
        List<FaultLife> lives = new ArrayList<>();
        byFault.forEach((id, life) -> {
            Map<FaultEvent.Phase, Duration> times = new EnumMap<>(FaultEvent.Phase.class);
            List<String> members = life.get(0).members();
            for (FaultEvent event : life) {
                times.putIfAbsent(event.phase(), event.at());
                if (event.phase() == FaultEvent.Phase.INJECTED) {
                    members = event.members();
                }
            }
            FaultEvent first = life.get(0);
            lives.add(new FaultLife(
                    id,
                    first.kind(),
                    members,
                    first.links().stream().map(Link::parse).toList(),
                    first.parameters(),
                    times));
        });
        return lives;
    }

    /** Whether it took what a member had stored, so that only a replacement of the member undoes it. */
    boolean tookData() {
        return DATA_FAULTS.contains(kind);
    }

    Optional<Duration> at(FaultEvent.Phase phase) {
        return Optional.ofNullable(times.get(phase));
    }

    boolean reached(FaultEvent.Phase phase) {
        return times.containsKey(phase);
    }
}
