/**
 * The sandbox runtime: the drilling JVM is init of its own network, mount and process namespaces, members live in network
 * namespaces inside it, and the kernel removes everything when the JVM ends, however it ends. There is no way from inside
 * to any real network. Start with {@link dev.etcddrill.cluster.sandbox.SandboxRuntime}; entering the sandbox is
 * {@link dev.etcddrill.cluster.sandbox.SandboxLauncher}'s work, before the JVM is forked.
 */
package dev.etcddrill.cluster.sandbox;
