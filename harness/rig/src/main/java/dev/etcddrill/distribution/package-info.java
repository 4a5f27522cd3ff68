/**
 * The programs that a drill needs (etcd, etcdctl, etcdutl), by version: found, built, cached and checked, before a
 * sandbox is entered, because a sandbox has no network. Start with
 * {@link dev.etcddrill.distribution.DistributionResolver}. Nothing here starts a member (see {@code cluster}).
 */
package dev.etcddrill.distribution;
