package dev.etcddrill.client;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import dev.etcddrill.history.Header;
import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.DeleteRangeResponse;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.HashKVResponse;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseTimeToLiveRequest;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.MoveLeaderRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A connection to one member: one channel, one attempt a call, a deadline on every unary call. It never retries, because
 * a retried write looks like a lost or doubled one in a history (jetcd issue 1444).
 */
public final class MemberClient implements AutoCloseable {
    /** etcd's client port (IANA). */
    public static final int CLIENT_PORT = 2379;

    private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[] {0});

    private final String member;
    private final ManagedChannel channel;

    /** That puts are attached to; 0 for none, as in etcd's API. */
    private final long lease;

    private MemberClient(String member, ManagedChannel channel, long lease) {
        this.member = member;
        this.channel = channel;
        this.lease = lease;
    }

    /** Makes a connection; the first call opens it. */
    public static MemberClient connect(String member, MemberEndpoint endpoint, ClientCredentials credentials) {
        requireNonNull(member, "member");
        return new MemberClient(
                member,
                NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                        .overrideAuthority(endpoint.authority())
                        .sslContext(credentials.context())
                        .maxInboundMessageSize(1 << 28)
                        .build(),
                0);
    }

    /**
     * Asks for a lease, and gives this connection with every put attached to it. Closing either closes both.
     *
     * @param life of the lease, in whole seconds
     * @throws StatusRuntimeException where there is none to be had
     */
    public MemberClient withLease(Duration life, Duration deadline) {
        return new MemberClient(
                member,
                channel,
                LeaseGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
                        .leaseGrant(LeaseGrantRequest.newBuilder()
                                .setTTL(life.toSeconds())
                                .build())
                        .getID());
    }

    /**
     * What the lease of a key has left, in whole seconds; empty where the key, or its lease, is not there.
     *
     * @throws StatusRuntimeException where the member does not answer
     */
    public Optional<Duration> leaseLeft(String key, Duration deadline) {
        RangeResponse found = KVGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
                .range(RangeRequest.newBuilder()
                        .setKey(StoredText.keyBytes(key))
                        .build());
        if (found.getKvsCount() == 0 || found.getKvs(0).getLease() == 0) {
            return Optional.empty();
        }
        // etcd says -1 for a lease that it does not have.
        long seconds = LeaseGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
                .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder()
                        .setID(found.getKvs(0).getLease())
                        .build())
                .getTTL();
        return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    /** Name of the member that is asked. */
    public String member() {
        return member;
    }

    /**
     * Sends a request once and says what came of it. Never throws for what the cluster did.
     *
     * @param deadline after which the client gives up
     */
    public Outcome send(Request request, Duration deadline) {
        try {
            return new Outcome.Ok(call(request, deadline));
        } catch (StatusRuntimeException e) {
            return OutcomeClassifier.classify(request, e);
        }
    }

    private Response call(Request request, Duration deadline) {
        KVGrpc.KVBlockingStub stub =
                KVGrpc.newBlockingStub(channel).withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
        if (request instanceof Request.Put put) {
            return new Response.Put(
                    header(stub.put(putRequest(put.key(), put.value())).getHeader()));
        } else if (request instanceof Request.Delete delete) {
            DeleteRangeResponse response = stub.deleteRange(DeleteRangeRequest.newBuilder()
                    .setKey(StoredText.keyBytes(delete.key()))
                    .build());
            return new Response.Delete(header(response.getHeader()), response.getDeleted());
        } else if (request instanceof Request.Get get) {
            RangeResponse response = stub.range(RangeRequest.newBuilder()
                    .setKey(StoredText.keyBytes(get.key()))
                    .setSerializable(get.consistency() == Request.Consistency.SERIALIZABLE)
                    .build());
            return new Response.Get(header(response.getHeader()), first(response));
        } else if (request instanceof Request.GetAt get) {
            RangeResponse response = stub.range(RangeRequest.newBuilder()
                    .setKey(StoredText.keyBytes(get.key()))
                    .setRevision(get.revision())
                    .setSerializable(get.consistency() == Request.Consistency.SERIALIZABLE)
                    .build());
            return new Response.GetAt(header(response.getHeader()), first(response));
        } else if (request instanceof Request.Compact compact) {
            return new Response.Compact(header(stub.compact(CompactionRequest.newBuilder()
                            .setRevision(compact.revision())
                            .setPhysical(compact.physical())
                            .build())
                    .getHeader()));
        }
        Request.OptimisticPut put = (Request.OptimisticPut) request;
        TxnResponse response = stub.txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(StoredText.keyBytes(put.key()))
                        .setTarget(Compare.CompareTarget.MOD)
                        .setResult(Compare.CompareResult.EQUAL)
                        .setModRevision(put.expectedModRevision()))
                .addSuccess(RequestOp.newBuilder().setRequestPut(putRequest(put.key(), put.value())))
                .addFailure(RequestOp.newBuilder()
                        .setRequestRange(RangeRequest.newBuilder().setKey(StoredText.keyBytes(put.key()))))
                .build());
        return new Response.OptimisticPut(
                header(response.getHeader()),
                response.getSucceeded(),
                response.getSucceeded()
                        ? Optional.empty()
                        : first(response.getResponses(0).getResponseRange()));
    }

    /**
     * The member's status.
     *
     * @throws StatusRuntimeException where it does not answer
     */
    public Status status(Duration deadline) {
        StatusResponse response = maintenance(deadline).status(StatusRequest.getDefaultInstance());
        return new Status(
                header(response.getHeader()),
                response.getLeader() == 0 ? Optional.empty() : Optional.of(Long.toHexString(response.getLeader())),
                response.getVersion(),
                response.getDbSize(),
                List.copyOf(response.getErrorsList()));
    }

    /**
     * Asks this member, which must lead, to hand its leadership to another one.
     *
     * @param memberId of the other, in hexadecimal
     * @throws StatusRuntimeException where it does not lead, or the other does not take over
     */
    public void moveLeader(String memberId, Duration deadline) {
        maintenance(deadline)
                .moveLeader(MoveLeaderRequest.newBuilder()
                        .setTargetID(Long.parseUnsignedLong(memberId, 16))
                        .build());
    }

    /**
     * Hash of the key space at a revision.
     *
     * @param revision 0 for the member's current one
     * @throws StatusRuntimeException where the member does not answer or does not have the revision yet
     */
    public StateHash hash(long revision, Duration deadline) {
        HashKVResponse response = maintenance(deadline)
                .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
        return new StateHash(
                header(response.getHeader()),
                Integer.toUnsignedLong(response.getHash()),
                response.getCompactRevision());
    }

    /**
     * The whole key space as this member has it.
     *
     * @throws StatusRuntimeException where it does not answer
     */
    public Snapshot readAll(Duration deadline) {
        RangeResponse response = KVGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
                .range(RangeRequest.newBuilder()
                        .setKey(FIRST_KEY)
                        .setRangeEnd(FIRST_KEY)
                        .setSerializable(true)
                        .build());
        return new Snapshot(
                header(response.getHeader()),
                response.getKvsList().stream().map(MemberClient::keyValue).toList());
    }

    /**
     * Watches the whole key space from an old revision until etcd ends the watch, the first event comes, or the time is
     * up.
     *
     * @throws StatusRuntimeException where the stream breaks
     */
    public WatchAnswer watchFrom(long revision, Duration patience) {
        CompletableFuture<Optional<Long>> answer = new CompletableFuture<>();
        AtomicLong events = new AtomicLong();
        StreamObserver<WatchRequest> requests = WatchGrpc.newStub(channel).watch(new StreamObserver<>() {
            @Override
            public void onNext(WatchResponse response) {
                events.addAndGet(response.getEventsCount());
                if (response.getCompactRevision() > 0) {
                    answer.complete(Optional.of(response.getCompactRevision()));
                } else if (response.getCanceled() || response.getEventsCount() > 0) {
                    answer.complete(Optional.empty());
                }
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {
                answer.complete(Optional.empty());
            }
        });
        requests.onNext(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setKey(FIRST_KEY)
                        .setRangeEnd(FIRST_KEY)
                        .setStartRevision(revision))
                .build());
        try {
            return new WatchAnswer(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS), events.get());
        } catch (TimeoutException e) {
            return new WatchAnswer(Optional.empty(), events.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new WatchAnswer(Optional.empty(), events.get());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StatusRuntimeException status
                    ? status
                    : new IllegalStateException("the watch failed in an unexpected way", e.getCause());
        } finally {
            requests.onCompleted();
        }
    }

    /** Forgets how often connecting failed, so that the next call tries at once instead of after gRPC's back-off. */
    public void resetBackoff() {
        channel.resetConnectBackoff();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private MaintenanceGrpc.MaintenanceBlockingStub maintenance(Duration deadline) {
        return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    private PutRequest putRequest(String key, String value) {
        return PutRequest.newBuilder()
                .setKey(StoredText.keyBytes(key))
                .setValue(StoredText.valueBytes(value))
                .setLease(lease)
                .build();
    }

    private static Optional<KeyValue> first(RangeResponse response) {
        return response.getKvsCount() == 0 ? Optional.empty() : Optional.of(keyValue(response.getKvs(0)));
    }

    private static KeyValue keyValue(io.etcd.jetcd.api.KeyValue keyValue) {
        return new KeyValue(
                StoredText.keyText(keyValue.getKey()),
                StoredText.valueText(keyValue.getValue()),
                keyValue.getCreateRevision(),
                keyValue.getModRevision(),
                keyValue.getVersion());
    }

    private static Header header(ResponseHeader header) {
        return new Header(
                Long.toHexString(header.getClusterId()),
                Long.toHexString(header.getMemberId()),
                header.getRevision(),
                header.getRaftTerm());
    }

    /** A member's answer to the status call; the leader is empty where it sees none. */
    public record Status(
            Header header, Optional<String> leaderId, String version, long databaseBytes, List<String> errors) {}

    /** A member's hash of its key space. */
    public record StateHash(Header header, long hash, long compactRevision) {}

    /** The key space at one revision of one member. */
    public record Snapshot(Header header, List<KeyValue> keyValues) {}

    /** How a watch from an old revision ended: compacted at a revision, or not. */
    public record WatchAnswer(Optional<Long> compactRevision, long events) {}
}
