/**
 * {@code etcd-drill crash-test}: kills runs of this very program with SIGKILL, and compares the machine before and after.
 * How a run undoes what it did lives in {@code fault}, {@code cluster.sandbox} and {@code cluster.docker}; nothing here
 * helps it.
 */
package dev.etcddrill.crash;
