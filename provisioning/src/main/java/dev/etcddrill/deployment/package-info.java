/**
 * The deployment: every file that the hosts of a recipe need, with place, mode and owner, one renderer per kind of file,
 * and its tree on disk. Entry point: {@link dev.etcddrill.deployment.Deployment#render}. The command {@code render} lives
 * here too.
 *
 * <p>Nothing here starts a process or connects to a cluster. The templates are resources beside the classes and look like
 * the files that they become.
 */
package dev.etcddrill.deployment;
