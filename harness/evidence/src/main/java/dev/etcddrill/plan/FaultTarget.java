package dev.etcddrill.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Whom a fault is meant for. Who leads is known only when it strikes: then the target is resolved. */
public sealed interface FaultTarget {
    /** What kind of thing it resolves to. */
    Kind kind();

    /**
     * Names the members and links.
     *
     * @param members all of the cluster, in the recipe's order
     * @param leader who leads now
     * @param random draws where there is a choice
     */
    ResolvedTarget resolve(List<String> members, String leader, Random random);

    /**
     * The members that it is about, once it is resolved: those that it names, or whose links it names as theirs.
     *
     * @param resolved what {@link #resolve} gave
     */
    default List<String> subjects(ResolvedTarget resolved) {
        return resolved.membersConcerned();
    }

    /** The members that it names itself; none where whom it hits is found out. */
    default List<String> namedMembers() {
        return List.of();
    }

    /** Whether it names what members send to clients; some faults cannot be done, or not be seen, in that direction. */
    default boolean namesAnswersToClients() {
        return false;
    }

    /** What fault types take. */
    enum Kind {
        MEMBERS,
        LINKS
    }

    /** Resolves to members. */
    sealed interface OfMembers extends FaultTarget {
        @Override
        default Kind kind() {
            return Kind.MEMBERS;
        }
    }

    /** Resolves to links. */
    sealed interface OfLinks extends FaultTarget {
        @Override
        default Kind kind() {
            return Kind.LINKS;
        }
    }

    /** Members by name. */
    record Members(List<String> names) implements OfMembers {
        public Members {
            names = List.copyOf(names);
        }

        @Override
        public ResolvedTarget resolve(List<String> members, String leader, Random random) {
            return ResolvedTarget.ofMembers(names);
        }

        @Override
        public List<String> namedMembers() {
            return names;
        }

        @Override
        public String toString() {
            return String.join(", ", names);
        }
    }

    /** Whoever leads when the fault strikes. */
    record Leader() implements OfMembers {
        @Override
        public ResolvedTarget resolve(List<String> members, String leader, Random random) {
            return ResolvedTarget.ofMembers(List.of(leader));
        }

        @Override
        public String toString() {
            return "the leader";
        }
    }

    /** So many members that do not lead, drawn. */
    record Followers(int count) implements OfMembers {
        public Followers {
            if (count < 1) {
                throw new IllegalArgumentException("a fault hits at least 1 follower, but this says " + count);
            }
        }

        @Override
        public ResolvedTarget resolve(List<String> members, String leader, Random random) {
            List<String> followers = new ArrayList<>(members);
            followers.remove(leader);
            Collections.shuffle(followers, random);
            return ResolvedTarget.ofMembers(followers.subList(0, Math.min(count, followers.size())));
        }

        @Override
        public String toString() {
            return count == 1 ? "1 follower" : count + " followers";
        }
    }

    /** Every member. */
    record AllMembers() implements OfMembers {
        @Override
        public ResolvedTarget resolve(List<String> members, String leader, Random random) {
            return ResolvedTarget.ofMembers(members);
        }

        @Override
        public String toString() {
            return "all members";
        }
    }

    /** Single directions by name. */
    record Links(List<Link> links) implements OfLinks {
        public Links {
            links = List.copyOf(links);
        }

        @Override
        public ResolvedTarget resolve(List<String> members, String leader, Random random) {
            return ResolvedTarget.ofLinks(links);
        }

        @Override
        public List<String> namedMembers() {
            return ResolvedTarget.ofLinks(links).membersConcerned();
        }

        @Override
        public boolean namesAnswersToClients() {
            return links.stream().anyMatch(link -> link.to().equals(Link.CLIENTS));
        }

        @Override
        public String toString() {
            return links.stream().map(Link::toString).collect(Collectors.joining(", "));
        }
    }

    /** Every direction between two members. */
    record AllLinks() implements OfLinks {
        @Override
        public ResolvedTarget resolve(List<String> members, String leader, Random random) {
            return ResolvedTarget.ofLinks(members.stream()
                    .flatMap(from ->
                            members.stream().filter(to -> !to.equals(from)).map(to -> new Link(from, to)))
                    .toList());
        }

        @Override
        public String toString() {
            return "all links between members";
        }
    }

    /** The directions between one member and each other one. */
    record LinksOfMember(FaultTarget member, Direction direction) implements OfLinks {
        public LinksOfMember {
            if (member.kind() != Kind.MEMBERS) {
                throw new IllegalArgumentException("links belong to members, not to " + member);
            }
        }

        @Override
        public ResolvedTarget resolve(List<String> members, String leader, Random random) {
            List<Link> links = new ArrayList<>();
            for (String end : member.resolve(members, leader, random).members()) {
                for (String other : members) {
                    if (!other.equals(end)) {
                        direction.addTo(links, new Link(end, other));
                    }
                }
            }
            return ResolvedTarget.ofLinks(links);
        }

        @Override
        public List<String> namedMembers() {
            return member.namedMembers();
        }

        @Override
        public List<String> subjects(ResolvedTarget resolved) {
            // The end that all of its links have in common.
            return resolved.membersConcerned().stream()
                    .filter(end -> resolved.links().stream()
                            .allMatch(
                                    link -> link.from().equals(end) || link.to().equals(end)))
                    .toList();
        }

        @Override
        public String toString() {
            return "what " + member + " " + direction.words + " its peers";
        }
    }

    /** The directions between the clients and members. */
    record ClientLinks(FaultTarget member, Direction direction) implements OfLinks {
        public ClientLinks {
            if (member.kind() != Kind.MEMBERS) {
                throw new IllegalArgumentException("clients talk to members, not to " + member);
            }
        }

        @Override
        public ResolvedTarget resolve(List<String> members, String leader, Random random) {
            List<Link> links = new ArrayList<>();
            for (String end : member.resolve(members, leader, random).members()) {
                direction.addTo(links, new Link(end, Link.CLIENTS));
            }
            return ResolvedTarget.ofLinks(links);
        }

        @Override
        public List<String> namedMembers() {
            return member.namedMembers();
        }

        @Override
        public boolean namesAnswersToClients() {
            return direction != Direction.IN;
        }

        @Override
        public String toString() {
            return "what " + member + " " + direction.words + " its clients";
        }
    }

    /** Which way, as seen from a member. */
    enum Direction {
        /** What the member sends. */
        OUT("sends to"),
        /** What the member hears. */
        IN("hears from"),
        /** Both. */
        BOTH("exchanges with");

        private final String words;

        Direction(String words) {
            this.words = words;
        }

        private void addTo(List<Link> links, Link outward) {
            if (this != IN) {
                links.add(outward);
            }
            if (this != OUT) {
                links.add(outward.reversed());
            }
        }
    }
}
