/**
 * What is meant to be done to a cluster, as pure data and pure functions: drills and attempts, plans of faults
 * ({@link dev.etcddrill.plan.FaultPlan}), whom they hit, and how many voters that leaves
 * ({@link dev.etcddrill.plan.QuorumGuard}). Reading plans from YAML and injecting faults is the rig's work ({@code
 * dev.etcddrill.fault}).
 */
package dev.etcddrill.plan;
