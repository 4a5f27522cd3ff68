package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * One request of one client, and what came of it. Times are since the start of the attempt, on one monotonic clock.
 *
 * @param id unique within the attempt, in order of invocation
 * @param process the logical client: at most one operation in flight; after an unknown outcome it is never used again
 * @param incarnation which cluster was asked: a restore starts a new one
 * @param member name of the member that was asked
 * @param request what was asked
 * @param invoked taken before the request was sent
 * @param returned taken after the answer arrived, or the client gave up; empty where the record ends before that
 * @param outcome what came of it; {@link Outcome.Unknown} where the record ends before the return
 */
public record Operation(
        long id,
        int process,
        String incarnation,
        String member,
        Request request,
        Duration invoked,
        Optional<Duration> returned,
        Outcome outcome) {
    public Operation {
        requireNonNull(incarnation, "incarnation");
        requireNonNull(member, "member");
        requireNonNull(request, "request");
        requireNonNull(invoked, "invoked");
        requireNonNull(returned, "returned");
        requireNonNull(outcome, "outcome");
        if (returned.isPresent() && returned.get().compareTo(invoked) < 0) {
            throw new IllegalArgumentException(
                    "operation " + id + " returned at " + returned.get() + ", before its invocation at " + invoked);
        }
        if (outcome instanceof Outcome.Ok ok && !answers(request, ok.response())) {
            throw new IllegalArgumentException("operation " + id + ": "
                    + ok.response().getClass().getSimpleName() + " is no answer to "
                    + request.getClass().getSimpleName());
        }
        if (returned.isEmpty() && !(outcome instanceof Outcome.Unknown)) {
            throw new IllegalArgumentException("operation " + id + " never returned, so its outcome must be unknown");
        }
    }

    private static boolean answers(Request request, Response response) {
        if (request instanceof Request.Put) {
            return response instanceof Response.Put;
        } else if (request instanceof Request.Delete) {
            return response instanceof Response.Delete;
        } else if (request instanceof Request.Get) {
            return response instanceof Response.Get;
        } else if (request instanceof Request.GetAt) {
            return response instanceof Response.GetAt;
        } else if (request instanceof Request.Compact) {
            return response instanceof Response.Compact;
        }
        return response instanceof Response.OptimisticPut;
    }

    /** Whether this is an acknowledged write: it took effect, and the client was told. */
    public boolean acknowledgedWrite() {
        if (!(outcome instanceof Outcome.Ok ok)) {
            return false;
        }
        Response response = ok.response();
        return response instanceof Response.Put
                || (response instanceof Response.Delete delete && delete.deleted() > 0)
                || (response instanceof Response.OptimisticPut put && put.succeeded());
    }
}
