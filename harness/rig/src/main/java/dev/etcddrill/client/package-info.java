/**
 * Talking to one member of a cluster: a connection over mutual TLS with one attempt and a deadline for each call, and the
 * classification of every reply as done, not done, or unknown. Which operations are sent when is decided in
 * {@code workload}.
 */
package dev.etcddrill.client;
