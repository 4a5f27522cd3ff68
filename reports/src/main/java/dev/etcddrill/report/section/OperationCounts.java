package dev.etcddrill.report.section;

import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many operations there were, by kind and outcome, and how long those took that etcd answered. */
final class OperationCounts {
    /** Upper edges of the latency classes: 20 to a decade, so that a percentile is right to about a tenth. */
    private static final int CLASSES_PER_DECADE = 20;

    private static final int CLASSES = 9 * CLASSES_PER_DECADE;

    private final Map<Kind, Row> rows = new EnumMap<>(Kind.class);
    private long acknowledgedWrites;

    /** Kinds of requests, as a reader tells them apart. */
    enum Kind {
        PUT("put"),
        OPTIMISTIC_PUT("transaction (put if unchanged)"),
        DELETE("delete"),
        LINEARIZABLE_GET("linearizable get"),
        SERIALIZABLE_GET("serializable get"),
        GET_AT("get at a revision"),
        COMPACT("compaction");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        static Kind of(Request request) {
            if (request instanceof Request.Put) {
                return PUT;
            } else if (request instanceof Request.OptimisticPut) {
                return OPTIMISTIC_PUT;
            } else if (request instanceof Request.Delete) {
                return DELETE;
            } else if (request instanceof Request.GetAt) {
                return GET_AT;
            } else if (request instanceof Request.Compact) {
                return COMPACT;
            }
            return ((Request.Get) request).consistency() == Request.Consistency.LINEARIZABLE
                    ? LINEARIZABLE_GET
                    : SERIALIZABLE_GET;
        }
    }

    /** Counts of one kind. */
    static final class Row {
        private long ok;
        private long failed;
        private long unknown;
        private final long[] latencies = new long[CLASSES];
        private Duration longest = Duration.ZERO;

        long ok() {
            return ok;
        }

        long failed() {
            return failed;
        }

        long unknown() {
            return unknown;
        }

        Duration longest() {
            return longest;
        }

        /** Latency that the given share of the answered operations did not exceed, right to about a tenth. */
        Duration percentile(double share) {
            long rank = Math.max(1, (long) Math.ceil(share * ok));
            long seen = 0;
            for (int index = 0; index < CLASSES; index++) {
                seen += latencies[index];
                if (seen >= rank) {
                    double nanoseconds = 1000 * Math.pow(10, (index + 0.5) / CLASSES_PER_DECADE);
                    Duration middle = Duration.ofNanos(Math.round(nanoseconds));
                    return middle.compareTo(longest) < 0 ? middle : longest;
                }
            }
            return longest;
        }
    }

    OperationCounts() {}

    static OperationCounts of(List<Operation> operations) {
        OperationCounts counts = new OperationCounts();
        operations.forEach(counts::add);
        return counts;
    }

    private void add(Operation operation) {
        Row row = rows.computeIfAbsent(Kind.of(operation.request()), kind -> new Row());
        if (operation.acknowledgedWrite()) {
            acknowledgedWrites++;
        }
        if (operation.outcome() instanceof Outcome.Failed) {
            row.failed++;
        } else if (operation.outcome() instanceof Outcome.Unknown) {
            row.unknown++;
        } else {
            row.ok++;
            Duration latency = operation.returned().orElseThrow().minus(operation.invoked());
            double microseconds = Math.max(1, latency.toNanos() / 1000.0);
            double decades = Math.log10(microseconds);
            row.latencies[Math.min(CLASSES - 1, (int) (decades * CLASSES_PER_DECADE))]++;
            if (latency.compareTo(row.longest) > 0) {
                row.longest = latency;
            }
        }
    }

    /** Adds all that another one counted. */
    void add(OperationCounts other) {
        acknowledgedWrites += other.acknowledgedWrites;
        other.rows.forEach((kind, from) -> {
            Row into = rows.computeIfAbsent(kind, absent -> new Row());
            into.ok += from.ok;
            into.failed += from.failed;
            into.unknown += from.unknown;
            Arrays.setAll(into.latencies, index -> into.latencies[index] + from.latencies[index]);
            if (from.longest.compareTo(into.longest) > 0) {
                into.longest = from.longest;
            }
        });
    }

    /** Kinds that occur. */
    List<Kind> kinds() {
        return new ArrayList<>(rows.keySet());
    }

    Row row(Kind kind) {
        return rows.get(kind);
    }

    long total() {
        return rows.values().stream()
                .mapToLong(row -> row.ok + row.failed + row.unknown)
                .sum();
    }

    long acknowledgedWrites() {
        return acknowledgedWrites;
    }
}
