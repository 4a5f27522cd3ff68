/**
 * A real cluster: members that are started from a rendered deployment, watched, asked and stopped, whatever runtime they
 * live in. Start with {@link dev.etcddrill.cluster.EtcdCluster}; a runtime gives it hosts
 * ({@link dev.etcddrill.cluster.MemberHost}), and each runtime has a package of its own below this one. What is done to
 * a cluster on purpose is in {@code fault}.
 */
package dev.etcddrill.cluster;
