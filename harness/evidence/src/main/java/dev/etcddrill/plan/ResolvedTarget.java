package dev.etcddrill.plan;

import java.util.List;

/** Whom a fault hits: members, or links, the other list is empty. */
public record ResolvedTarget(List<String> members, List<Link> links) {
    public ResolvedTarget {
        members = List.copyOf(members);
        links = List.copyOf(links);
    }

    /** Members. */
    public static ResolvedTarget ofMembers(List<String> members) {
        return new ResolvedTarget(members, List.of());
    }

    /** Links. */
    public static ResolvedTarget ofLinks(List<Link> links) {
        return new ResolvedTarget(List.of(), links);
    }

    /** Every member that it names, as one hit itself or as an end of a link. */
    public List<String> membersConcerned() {
        if (!members.isEmpty()) {
            return members;
        }
        return links.stream()
                .flatMap(link -> List.of(link.from(), link.to()).stream())
                .filter(end -> !end.equals(Link.CLIENTS))
                .distinct()
                .sorted()
                .toList();
    }
}
