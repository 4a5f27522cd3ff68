/**
 * Members in containers on a Docker daemon. Start with {@link dev.etcddrill.cluster.docker.DockerRuntime}; {@link
 * dev.etcddrill.cluster.docker.DockerGuard} and {@link dev.etcddrill.cluster.docker.DockerLeftovers} remove what a run left.
 */
package dev.etcddrill.cluster.docker;
