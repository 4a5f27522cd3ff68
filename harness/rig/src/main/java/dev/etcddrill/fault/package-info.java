/**
 * Hurting a cluster on purpose and undoing it, each step recorded: planned, injected, seen to have taken effect, lifted,
 * seen to be gone. Start with {@link dev.etcddrill.fault.FaultType} for what can be done, and with {@link
 * dev.etcddrill.fault.FaultInjector} for how it is done. {@link dev.etcddrill.fault.PlanFile} reads plans. How well the
 * cluster recovers is measured by {@link dev.etcddrill.fault.RecoveryProbe}.
 */
package dev.etcddrill.fault;
