/**
 * Load on a cluster: seeded clients that send what Kubernetes sends, and the recorder that writes down every operation
 * before and after it is sent. What came of an operation is classified in {@code client}; whether it was right is judged
 * in the evidence module's {@code check}.
 */
package dev.etcddrill.workload;
