/**
 * The program {@code etcd-drill}: puts the commands of all modules together. Each command is in the module whose work it
 * does.
 */
package dev.etcddrill.program;
