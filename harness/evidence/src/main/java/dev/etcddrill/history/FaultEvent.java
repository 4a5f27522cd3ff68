package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One step in the life of a fault.
 *
 * @param at since the start of the attempt
 * @param fault id of the fault within the attempt, such as {@code leader-lost-3}
 * @param kind what is done, such as {@code kill}, {@code terminate}, {@code power-loss}
 * @param phase which step
 * @param members the members that it hurts, or that are the ends of links that it hurts
 * @param links the directions that it hurts, such as {@code etcd-1 -> etcd-2}; empty where it hurts members
 * @param parameters of the fault by name; times in the form of ISO 8601, such as {@code PT0.3S}
 * @param detail a sentence for the reader: how it was seen to have taken effect, who was leader, why it failed
 */
public record FaultEvent(
        Duration at,
        String fault,
        String kind,
        Phase phase,
        List<String> members,
        List<String> links,
        Map<String, String> parameters,
        String detail) {
    public FaultEvent {
        requireNonNull(at, "at");
        requireNonNull(fault, "fault");
        requireNonNull(kind, "kind");
        requireNonNull(phase, "phase");
        members = List.copyOf(members);
        links = List.copyOf(links);
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        requireNonNull(detail, "detail");
    }

    /** A step of a fault that hurts members. */
    public FaultEvent(Duration at, String fault, String kind, Phase phase, List<String> members, String detail) {
        this(at, fault, kind, phase, members, List.of(), Map.of(), detail);
    }

    /** The life of a fault, in order. */
    public enum Phase {
        PLANNED,
        /** The call that does the harm is about to be made: gaps are measured from here. */
        INJECTED,
        /** A probe of its own saw that the fault is in force. */
        SEEN,
        /** The call that undoes it is about to be made: recovery is measured from here. */
        LIFTED,
        /** A probe saw that the fault is gone (a killed member answers again). */
        GONE
    }
}
