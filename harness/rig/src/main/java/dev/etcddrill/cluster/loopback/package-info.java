/**
 * Members as plain processes of this machine, at addresses of 127/8 and below a directory of the run, where neither a
 * sandbox nor Docker is possible. It can do least; what it changes of a deployment it says.
 */
package dev.etcddrill.cluster.loopback;
