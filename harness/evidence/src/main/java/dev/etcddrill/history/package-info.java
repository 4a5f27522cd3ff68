/**
 * What clients did and saw: operations, their outcomes, and what probes observed beside them, as immutable records, and
 * their form on disk (JSON lines).
 *
 * <p>Start with {@link dev.etcddrill.history.Operation}. Nothing here judges (see {@code check}) and nothing here talks
 * to etcd (see the rig's {@code client}).
 */
package dev.etcddrill.history;
