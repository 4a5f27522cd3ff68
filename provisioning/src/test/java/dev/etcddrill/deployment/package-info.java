/** Tests of the rendered files and their tree on disk; scripts run in a real bash with stand-ins for etcd's programs. */
package dev.etcddrill.deployment;
