package dev.etcddrill.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** All that a target can turn out to be. */
final class Resolutions {
    /** Of no use where nothing is drawn. */
    private static final Random NOTHING_DRAWN = new Random(0);

    private Resolutions() {}

    static Set<ResolvedTarget> of(FaultTarget target, List<String> members) {
        Set<ResolvedTarget> all = new LinkedHashSet<>();
        for (String leader : members) {
            for (FaultTarget certain : withoutDraws(target, members, leader)) {
                all.add(certain.resolve(members, leader, NOTHING_DRAWN));
            }
        }
        return all;
    }

    /** Targets that name members instead of drawing them, one for each possible draw. */
    private static List<FaultTarget> withoutDraws(FaultTarget target, List<String> members, String leader) {
        if (target instanceof FaultTarget.Followers followers) {
            List<String> others =
                    members.stream().filter(member -> !member.equals(leader)).toList();
            List<FaultTarget> draws = new ArrayList<>();
            subsets(others, Math.min(followers.count(), others.size()))
                    .forEach(drawn -> draws.add(new FaultTarget.Members(drawn)));
            return draws;
        } else if (target instanceof FaultTarget.LinksOfMember links) {
            return withoutDraws(links.member(), members, leader).stream()
                    .map(member -> (FaultTarget) new FaultTarget.LinksOfMember(member, links.direction()))
                    .toList();
        } else if (target instanceof FaultTarget.ClientLinks links) {
            return withoutDraws(links.member(), members, leader).stream()
                    .map(member -> (FaultTarget) new FaultTarget.ClientLinks(member, links.direction()))
                    .toList();
        }
        return List.of(target);
    }

    private static List<List<String>> subsets(List<String> from, int size) {
        if (size == 0) {
            return List.of(List.of());
        }
        List<List<String>> all = new ArrayList<>();
        for (int first = 0; first + size <= from.size(); first++) {
            for (List<String> rest : subsets(from.subList(first + 1, from.size()), size - 1)) {
                List<String> subset = new ArrayList<>(List.of(from.get(first)));
                subset.addAll(rest);
                all.add(subset);
            }
        }
        return all;
    }
}
