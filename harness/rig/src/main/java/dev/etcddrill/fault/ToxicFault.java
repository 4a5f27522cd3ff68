package dev.etcddrill.fault;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.LinkToxic;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultParameter;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A fault of links that a toxic does: what its kinds share. */
abstract class ToxicFault implements FaultType {
    private static final int LOOKED_AT_TOGETHER = 4;

    /**
     * Of each only the shorter counts: a busy machine makes answers later, never earlier. What is not hurt is looked at
     * once more where it was late, so there one try is enough.
     */
    private static final int TRIES = 2;

    private final FaultDescription description;

    ToxicFault(String id, String sentence, FaultParameter... parameters) {
        this.description = new FaultDescription(
                id, sentence, FaultTarget.Kind.LINKS, List.of(parameters), Set.of(Capability.LINK_FAULTS.id()));
    }

    @Override
    public final FaultDescription description() {
        return description;
    }

    /** What is put into each direction. */
    abstract LinkToxic toxic(PlannedFault fault);

    /** What it takes from one direction. */
    abstract FaultEffect effect(PlannedFault fault, Link link);

    /** The longest that an answer may take under the fault. */
    abstract Duration patience(PlannedFault fault);

    /** Whether a probe can tell the two directions of a connection apart under this fault. */
    boolean directionSeen() {
        return true;
    }

    /** Whether a probe can see what this fault does to what members send to clients. */
    boolean answersSeen() {
        return true;
    }

    /** What a probe sees of one direction. */
    abstract Sight look(PlannedFault fault, LinkReading now);

    @Override
    public final List<FaultEffect> effects(PlannedFault fault, ResolvedTarget target, List<String> members) {
        return target.links().stream().map(link -> effect(fault, link)).toList();
    }

    @Override
    public final Injection prepare(PlannedFault fault, ResolvedTarget target, EtcdCluster cluster) {
        return new Toxics(fault, target.links(), cluster);
    }

    /**
     * What was seen of one direction.
     *
     * @param inForce whether the fault holds it
     * @param free whether nothing of the fault is left on it
     * @param words what was measured
     */
    record Sight(boolean inForce, boolean free, String words) {
        /** Where data should arrive late and none does, it is not late: something else holds the link. */
        static final Sight NO_ANSWER = new Sight(false, false, "no answer to a probe");
    }

    private final class Toxics implements Injection {
        private final PlannedFault fault;
        private final List<Link> links;
        private final EtcdCluster cluster;
        private final String name;
        private final List<Link> bystanders;

        private Toxics(PlannedFault fault, List<Link> links, EtcdCluster cluster) {
            this.fault = fault;
            this.links = links;
            this.cluster = cluster;
            this.name = fault.type() + "-" + fault.id();
            // Exactly these directions: what was free before must stay free. What another fault holds already says
            // nothing.
            this.bystanders = lookInTurns(everyLink()
                            .filter(link -> !links.contains(link))
                            .filter(link -> directionSeen() || !links.contains(link.reversed()))
                            .toList())
                    .entrySet()
                    .stream()
                    .filter(sight -> sight.getValue().free())
                    .map(Map.Entry::getKey)
                    .toList();
        }

        /** Every direction that a probe can look at. */
        private Stream<Link> everyLink() {
            List<String> ends = new ArrayList<>(List.of(Link.CLIENTS));
            cluster.members().forEach(member -> ends.add(member.name()));
            return ends.stream()
                    .flatMap(from -> ends.stream()
                            .filter(to -> !to.equals(from) && (!to.equals(Link.CLIENTS) || answersSeen()))
                            .map(to -> new Link(from, to)));
        }

        @Override
        public List<UndoStep> undoSteps() {
            return links.stream()
                    .map(link -> (UndoStep) new UndoStep.RemoveToxic(link, name))
                    .toList();
        }

        @Override
        public void inject() {
            AtOnce.forAll(links, link -> LinkToxics.add(cluster, link, name, toxic(fault)));
        }

        @Override
        public Optional<String> seen() {
            Map<Link, Sight> held = look(links);
            if (!held.values().stream().allMatch(Sight::inForce)) {
                return Optional.empty();
            }
            Map<Link, Sight> free = lookInTurns(bystanders);
            boolean exactly = free.values().stream().allMatch(Sight::free);
            return exactly ? Optional.of(words(held) + wordsOfBystanders(free)) : Optional.empty();
        }

        /** The other way is what a mistake would most likely hit, and named; the rest is counted. */
        private String wordsOfBystanders(Map<Link, Sight> free) {
            Map<Link, Sight> otherWay = new HashMap<>(free);
            otherWay.keySet().removeIf(link -> !links.contains(link.reversed()));
            int others = free.size() - otherWay.size();
            return (otherWay.isEmpty() ? "" : "; not so " + words(otherWay))
                    + (others == 0 ? "" : "; not so on " + others + " other directions");
        }

        @Override
        public Optional<String> gone() {
            Map<Link, Sight> sights = look(links);
            return sights.values().stream().allMatch(Sight::free) ? Optional.of(words(sights)) : Optional.empty();
        }

        /** A few at a time: all at once they would keep each other waiting, and be slow for that reason alone. */
        private Map<Link, Sight> lookInTurns(List<Link> directions) {
            Map<Link, Sight> sights = new HashMap<>();
            for (int from = 0; from < directions.size(); from += LOOKED_AT_TOGETHER) {
                sights.putAll(look(directions.subList(from, Math.min(from + LOOKED_AT_TOGETHER, directions.size()))));
            }
            return sights;
        }

        private Map<Link, Sight> look(List<Link> directions) {
            Map<Link, Sight> sights = new ConcurrentHashMap<>();
            AtOnce.forAll(
                    directions,
                    link -> sights.put(
                            link,
                            ToxicFault.this.look(
                                    fault,
                                    new LinkReading(
                                            cluster,
                                            link,
                                            links.containsAll(List.of(link, link.reversed())),
                                            links.contains(link) ? TRIES : 1,
                                            patience(fault)))));
            return sights;
        }

        private String words(Map<Link, Sight> sights) {
            List<String> words = new ArrayList<>();
            sights.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(sight ->
                            words.add(sight.getKey() + " " + sight.getValue().words()));
            return words.stream().collect(Collectors.joining(", "));
        }
    }

    /** The probes of one direction: on connections that the sender dials, and on those that the receiver dials. */
    static final class LinkReading {
        private final boolean bothWays;
        private final int tries;
        private final Optional<LinkProbe> sender;
        private final Optional<LinkProbe> receiver;

        private LinkReading(EtcdCluster cluster, Link link, boolean bothWays, int tries, Duration patience) {
            this.bothWays = bothWays;
            this.tries = tries;
            this.sender = link.to().equals(HostNetwork.CLIENTS)
                    ? Optional.empty()
                    : Optional.of(new LinkProbe(LinkToxics.dialledBySender(cluster, link), patience));
            this.receiver = link.from().equals(HostNetwork.CLIENTS)
                    ? Optional.empty()
                    : Optional.of(new LinkProbe(LinkToxics.dialledByReceiver(cluster, link), patience));
        }

        /** Whether the fault hurts the opposite direction, too. */
        boolean bothWays() {
            return bothWays;
        }

        /** Probes on connections that the sender dials; clients dial for both. */
        Optional<LinkProbe> dialledBySender() {
            return sender;
        }

        /** Probes on connections that the receiver dials. */
        Optional<LinkProbe> dialledByReceiver() {
            return receiver;
        }

        /**
         * How long data takes in this direction, one for each kind of connection that carries it; empty where an answer is
         * missing. All are measured at the same time: a slow link is waited for once.
         */
        Optional<List<Duration>> delays() {
            Tries there = Tries.of(tries, sender, LinkProbe::refusal);
            Tries thereToSender = Tries.of(tries, receiver, LinkProbe::refusal);
            Tries thereAndBack = Tries.of(tries, receiver, LinkProbe::greeting);
            List<Optional<Duration>> delays = new ArrayList<>();
            sender.ifPresent(probe -> delays.add(there.shortest()));
            receiver.ifPresent(probe -> delays.add(thereToSender
                    .shortest()
                    .flatMap(forth -> thereAndBack
                            .shortest()
                            .map(both -> both.minus(forth))
                            .map(back -> back.isNegative() ? Duration.ZERO : back))));
            return delays.stream().allMatch(Optional::isPresent)
                    ? Optional.of(delays.stream().flatMap(Optional::stream).toList())
                    : Optional.empty();
        }

        /** The same measurement several times at once. */
        private record Tries(List<CompletableFuture<LinkProbe.Answer>> answers) {
            static Tries of(int tries, Optional<LinkProbe> probe, Function<LinkProbe, LinkProbe.Answer> measure) {
                return new Tries(probe.stream()
                        .flatMap(present -> IntStream.range(0, tries)
                                .mapToObj(number ->
                                        CompletableFuture.supplyAsync(() -> measure.apply(present), AtOnce.THREADS)))
                        .toList());
            }

            /** Of those that were answered. */
            Optional<Duration> shortest() {
                return answers.stream()
                        .map(CompletableFuture::join)
                        .filter(LinkProbe.Answer::came)
                        .map(LinkProbe.Answer::time)
                        .min(Duration::compareTo);
            }
        }
    }
}
