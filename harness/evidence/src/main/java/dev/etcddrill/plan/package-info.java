/**
 * What an attempt is meant to do to a cluster, as pure data: which fault, on which members, and how many voters that
 * leaves. Injecting is the rig's work ({@code dev.etcddrill.fault}).
 */
package dev.etcddrill.plan;
