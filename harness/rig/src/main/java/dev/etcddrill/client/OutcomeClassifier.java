package dev.etcddrill.client;

import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.RevisionRefusal;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.List;

/**
 * Says of an error whether the request certainly did not take effect. Only where etcd's own error or a connection that
 * was never made says so; everything else is unknown. Calling a write failed that was applied hides lost and doubled
 * writes; calling too much unknown only weakens the evidence.
 */
final class OutcomeClassifier {
    /**
     * Errors that etcd returns before it proposes anything to Raft, or with which applying it does nothing (etcd {@code
     * server/etcdserver/v3_server.go}, {@code api/v3rpc/rpctypes/error.go}). {@code database space exceeded} is not among them: a write that got it may have been
     * applied (etcd op-guide/maintenance, "Space quota").
     */
    private static final List<String> NOTHING_HAPPENED = List.of(
            "etcdserver: too many requests",
            "etcdserver: request is too large",
            "etcdserver: key is not provided",
            "etcdserver: duplicate key given in txn request",
            "etcdserver: too many operations in txn request",
            RevisionRefusal.COMPACTED.error(),
            RevisionRefusal.FUTURE.error());

    /** What gRPC appends to a missed deadline about its own channel; it says nothing of the member. */
    private static final String CHANNEL_STATE = "\\. Name resolution delay .*";

    private OutcomeClassifier() {}

    static Outcome classify(Request request, StatusRuntimeException error) {
        String text = describe(error);
        if (!request.mutates()
                || neverConnected(error)
                || NOTHING_HAPPENED.stream().anyMatch(text::contains)) {
            return new Outcome.Failed(text);
        }
        return new Outcome.Unknown(text);
    }

    /** A call whose channel could not connect was never sent: gRPC reports the failed connect as its cause. */
    private static boolean neverConnected(StatusRuntimeException error) {
        if (error.getStatus().getCode() != Status.Code.UNAVAILABLE) {
            return false;
        }
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
                return true;
            }
        }
        return false;
    }

    /** One line with the deepest cause, because gRPC hides the reason of a failed connection two causes deep. */
    static String describe(StatusRuntimeException error) {
        Throwable deepest = error;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String description = error.getStatus().getCode()
                + (error.getStatus().getDescription() == null
                        ? ""
                        : ": "
                                + error.getStatus()
                                        .getDescription()
                                        .lines()
                                        .findFirst()
                                        .map(line -> line.replaceFirst(CHANNEL_STATE, ""))
                                        .orElse(""));
        return deepest == error || deepest.getMessage() == null
                ? description
                : description + " (" + deepest.getMessage() + ")";
    }
}
