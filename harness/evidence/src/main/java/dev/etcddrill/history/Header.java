package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

/**
 * The header of an etcd response.
 *
 * @param clusterId cluster id in hexadecimal, as etcdctl prints it
 * @param memberId id of the member that answered, in hexadecimal
 * @param revision revision of the store when the request was applied
 * @param term Raft term of the member that answered
 */
public record Header(String clusterId, String memberId, long revision, long term) {
    public Header {
        requireNonNull(clusterId, "clusterId");
        requireNonNull(memberId, "memberId");
    }
}
