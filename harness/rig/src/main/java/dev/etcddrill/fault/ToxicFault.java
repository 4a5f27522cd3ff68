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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A fault of links that a toxic does: what its kinds share. */
abstract class ToxicFault implements FaultType {
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

    /** What it takes from one direction, as far as a majority is concerned. */
    abstract Optional<FaultEffect> effect(PlannedFault fault, Link link);

    /** The longest that an answer may take under the fault. */
    abstract Duration patience(PlannedFault fault);

    /** Whether a probe can tell the two directions of a connection apart under this fault. */
    boolean directionSeen() {
        return true;
    }

    /** What a probe sees of one direction. */
    abstract Sight look(PlannedFault fault, LinkReading now);

    @Override
    public final List<FaultEffect> effects(PlannedFault fault, ResolvedTarget target, List<String> members) {
        return target.links().stream()
                .filter(link -> !link.ofClients())
                .flatMap(link -> effect(fault, link).stream())
                .toList();
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
    record Sight(boolean inForce, boolean free, String words) {}

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
            // Exactly these directions: what was free before the other way must stay free. What another fault holds
            // there already says nothing.
            this.bystanders = look(links.stream()
                            .map(Link::reversed)
                            .filter(link -> directionSeen() && !links.contains(link))
                            .toList())
                    .entrySet()
                    .stream()
                    .filter(sight -> sight.getValue().free())
                    .map(Map.Entry::getKey)
                    .toList();
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
            Map<Link, Sight> free = look(bystanders);
            boolean all = held.values().stream().allMatch(Sight::inForce)
                    && free.values().stream().allMatch(Sight::free);
            return all
                    ? Optional.of(words(held) + (free.isEmpty() ? "" : "; not so " + words(free)))
                    : Optional.empty();
        }

        @Override
        public Optional<String> gone() {
            Map<Link, Sight> sights = look(links);
            return sights.values().stream().allMatch(Sight::free) ? Optional.of(words(sights)) : Optional.empty();
        }

        private Map<Link, Sight> look(List<Link> directions) {
            Map<Link, Sight> sights = new ConcurrentHashMap<>();
            AtOnce.forAll(
                    directions,
                    link -> sights.put(
                            link, ToxicFault.this.look(fault, new LinkReading(cluster, link, patience(fault)))));
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
        /** Of each only the shorter counts: a busy machine makes answers later, never earlier. */
        private static final int TRIES = 2;

        private final Optional<LinkProbe> sender;
        private final Optional<LinkProbe> receiver;

        private LinkReading(EtcdCluster cluster, Link link, Duration patience) {
            this.sender = link.to().equals(HostNetwork.CLIENTS)
                    ? Optional.empty()
                    : Optional.of(new LinkProbe(LinkToxics.dialledBySender(cluster, link), patience));
            this.receiver = link.from().equals(HostNetwork.CLIENTS)
                    ? Optional.empty()
                    : Optional.of(new LinkProbe(LinkToxics.dialledByReceiver(cluster, link), patience));
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
         * How long data takes in this direction, by the two kinds of connections that carry it; empty where there is no
         * such connection. All are measured at the same time: a slow link is waited for once.
         */
        List<Duration> delays() {
            List<CompletableFuture<Duration>> there = shortest(sender, LinkProbe::refusal);
            List<CompletableFuture<Duration>> thereToSender = shortest(receiver, LinkProbe::refusal);
            List<CompletableFuture<Duration>> thereAndBack = shortest(receiver, LinkProbe::greeting);
            List<Duration> delays = new ArrayList<>();
            sender.ifPresent(probe -> delays.add(shortest(there)));
            receiver.ifPresent(probe -> {
                Duration back = shortest(thereAndBack).minus(shortest(thereToSender));
                delays.add(back.isNegative() ? Duration.ZERO : back);
            });
            return delays;
        }

        private static List<CompletableFuture<Duration>> shortest(
                Optional<LinkProbe> probe, Function<LinkProbe, LinkProbe.Answer> measure) {
            return probe.stream()
                    .flatMap(present -> IntStream.range(0, TRIES)
                            .mapToObj(number -> CompletableFuture.supplyAsync(
                                    () -> measure.apply(present).time(), AtOnce.THREADS)))
                    .toList();
        }

        private static Duration shortest(List<CompletableFuture<Duration>> tries) {
            return tries.stream()
                    .map(CompletableFuture::join)
                    .min(Duration::compareTo)
                    .orElseThrow();
        }
    }
}
