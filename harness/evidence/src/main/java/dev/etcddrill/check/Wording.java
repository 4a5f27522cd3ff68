package dev.etcddrill.check;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How checks say things to people: one form for times, counts and operations in every reason. */
final class Wording {
    private Wording() {}

    /** Seconds with milliseconds, such as {@code 12.345 s}. */
    static String time(Duration duration) {
        return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
    }

    /** A number with its noun, such as {@code 3,412 acknowledged writes}. The plural takes an s. */
    static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    /** What was asked, by whom, of whom and when. */
    static String operation(Operation operation) {
        return request(operation.request()) + " by process " + operation.process() + " on " + operation.member()
                + " (asked at " + time(operation.invoked()) + ", " + outcome(operation) + ")";
    }

    static String request(Request request) {
        if (request instanceof Request.Put put) {
            return "put " + put.key() + " = " + put.value();
        } else if (request instanceof Request.Delete delete) {
            return "delete " + delete.key();
        } else if (request instanceof Request.Get get) {
            return get.consistency().name().toLowerCase(Locale.ROOT) + " get " + get.key();
        }
        if (request instanceof Request.GetAt get) {
            return get.consistency().name().toLowerCase(Locale.ROOT) + " get " + get.key() + " at revision "
                    + get.revision();
        } else if (request instanceof Request.Compact compact) {
            return (compact.physical() ? "physical " : "") + "compaction at revision " + compact.revision();
        }
        Request.OptimisticPut put = (Request.OptimisticPut) request;
        return "put " + put.key() + " = " + put.value() + " if its mod revision is " + put.expectedModRevision();
    }

    private static String outcome(Operation operation) {
        Outcome outcome = operation.outcome();
        if (outcome instanceof Outcome.Ok ok) {
            return "answered at " + returned(operation) + " with revision "
                    + ok.response().header().revision();
        } else if (outcome instanceof Outcome.Failed failed) {
            return "failed for certain at " + returned(operation) + ": " + failed.error();
        }
        return "outcome unknown";
    }

    private static String returned(Operation operation) {
        return operation.returned().map(Wording::time).orElse("no time");
    }

    /** What a read saw. */
    static String shown(String key, Optional<KeyValue> keyValue) {
        return keyValue.map(shown -> key + " = " + shown.value() + " of revision " + shown.modRevision())
                .orElse(key + " as absent");
    }

    /** The names with commas, at most the first five. */
    static String some(List<String> names) {
        if (names.size() <= 5) {
            return String.join(", ", names);
        }
        return String.join(", ", names.subList(0, 5)) + " and " + (names.size() - 5) + " more";
    }

    /** Revision that the answer was given at. */
    static long revision(Response response) {
        return response.header().revision();
    }
}
