package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One direction between two ends of a cluster's network.
 *
 * @param from who sends: a member, or {@link #CLIENTS}
 * @param to who receives: a member, or {@link #CLIENTS}
 */
public record Link(String from, String to) implements Comparable<Link> {
    /** The end that stands for the clients of the run. */
    public static final String CLIENTS = "clients";

    private static final Pattern FORM = Pattern.compile("(\\S+)\\s*->\\s*(\\S+)");

    public Link {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        if (from.equals(to)) {
            throw new IllegalArgumentException("a link leads from one end to another, but both are " + from);
        }
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws IllegalArgumentException where it is no link
     */
    public static Link parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a direction, found \"" + text + "\"; write etcd-1 -> etcd-2");
        }
        return new Link(matcher.group(1), matcher.group(2));
    }

    /** The same two ends, the other direction. */
    public Link reversed() {
        return new Link(to, from);
    }

    /** Whether one end is the clients'. */
    public boolean ofClients() {
        return from.equals(CLIENTS) || to.equals(CLIENTS);
    }

    @Override
    public int compareTo(Link other) {
        int byFrom = from.compareTo(other.from);
        return byFrom == 0 ? to.compareTo(other.to) : byFrom;
    }

    /** The form of plans: {@code etcd-1 -> etcd-2}. */
    @Override
    public String toString() {
        return from + " -> " + to;
    }
}
