package dev.etcddrill.fault;

import dev.etcddrill.client.MemberEndpoint;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.LinkProxies;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** A fault that makes packets vanish, each direction by a rule of its own: what its shapes share. */
abstract class PacketFault implements FaultType {
    private final FaultDescription description;

    PacketFault(String id, String sentence, FaultTarget.Kind target) {
        this.description = new FaultDescription(id, sentence, target, List.of(), Set.of(Capability.PARTITIONS.id()));
    }

    @Override
    public final FaultDescription description() {
        return description;
    }

    /** Which directions it cuts. */
    abstract List<Link> cuts(ResolvedTarget target, List<String> members);

    @Override
    public Optional<String> problem(PlannedFault fault, List<String> members) {
        // Whom a draw names does not change how many directions there are.
        boolean nothing = members.stream()
                .map(leader -> fault.target().resolve(members, leader, new Random(0)))
                .anyMatch(target -> cuts(target, members).isEmpty());
        return nothing
                ? Optional.of("a " + description.id() + " of " + fault.target() + " in a cluster of " + members.size()
                        + " members cuts nothing; name other members, or take a larger cluster")
                : Optional.empty();
    }

    @Override
    public final List<FaultEffect> effects(PlannedFault fault, ResolvedTarget target, List<String> members) {
        return cuts(target, members).stream()
                .map(link -> (FaultEffect) new FaultEffect.LinkCut(link))
                .toList();
    }

    @Override
    public final Injection prepare(PlannedFault fault, ResolvedTarget target, EtcdCluster cluster) {
        List<String> members =
                cluster.members().stream().map(member -> member.name()).toList();
        return new Cuts(cuts(target, members), cluster);
    }

    /** Both directions between any of some members and any of others. */
    static List<Link> between(List<String> some, List<String> others) {
        return some.stream()
                .flatMap(one -> others.stream()
                        .filter(other -> !other.equals(one))
                        .flatMap(other -> List.of(new Link(one, other), new Link(other, one)).stream()))
                .distinct()
                .toList();
    }

    private static final class Cuts implements Injection {
        /** As for a blackhole: what is answered at all is answered in some milliseconds. */
        private static final Duration GREETING_PATIENCE = Duration.ofMillis(700);

        /** Of a member that answers nobody before the cut nothing can be seen this way. */
        private static final int GREETINGS_BEFORE = 3;

        private final List<Link> cuts;
        private final EtcdCluster cluster;
        private final List<Link> bystanders;

        /** The members that answered clients before their clients were cut from them. */
        private final List<String> answering;

        private Cuts(List<Link> cuts, EtcdCluster cluster) {
            this.cuts = cuts;
            this.cluster = cluster;
            // Exactly these directions: the other way must be as before. What another fault holds already says nothing.
            this.bystanders = listen(cuts.stream()
                            .map(Link::reversed)
                            .filter(link -> !cuts.contains(link) && !link.to().equals(HostNetwork.CLIENTS))
                            .toList())
                    .entrySet()
                    .stream()
                    .filter(Map.Entry::getValue)
                    .map(Map.Entry::getKey)
                    .toList();
            this.answering = cuts.stream()
                    .filter(link -> link.from().equals(HostNetwork.CLIENTS))
                    .map(Link::to)
                    .filter(member -> IntStream.range(0, GREETINGS_BEFORE).anyMatch(greeting -> answersClients(member)))
                    .toList();
        }

        /**
         * Whether a member answers a greeting where clients dial it. A datagram alone would not do: what clients send may
         * come another way, and be cut by another rule, than datagrams.
         */
        private boolean answersClients(String member) {
            MemberEndpoint endpoint = cluster.member(member).host().clientEndpoint();
            InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
            return new LinkProbe(patience -> LinkProxies.dial(Optional.empty(), address, patience), GREETING_PATIENCE)
                            .greeting()
                            .kind()
                    == LinkProbe.Answer.Kind.DATA;
        }

        /** Of those that did before, and whose process another fault has not ended or halted since. */
        private Map<String, Boolean> askAsClients() {
            Map<String, Boolean> answered = new ConcurrentHashMap<>();
            List<String> able = answering.stream()
                    .filter(member -> cluster.member(member).running()
                            && !cluster.member(member).halted())
                    .toList();
            AtOnce.forAll(able, member -> answered.put(member, answersClients(member)));
            return answered;
        }

        private HostNetwork receiver(Link link) {
            return cluster.member(link.to()).host().network();
        }

        @Override
        public List<UndoStep> undoSteps() {
            return cuts.stream()
                    .map(link -> (UndoStep) new UndoStep.MendLink(link))
                    .toList();
        }

        @Override
        public void inject() {
            AtOnce.forAll(cuts, link -> receiver(link).cut(link.from()));
        }

        @Override
        public Optional<String> seen() {
            if (cuts.isEmpty()) {
                // What hits nothing cannot be seen.
                return Optional.empty();
            }
            // At the same time: what vanishes is waited for, and one wait is enough.
            CompletableFuture<Map<String, Boolean>> asking =
                    CompletableFuture.supplyAsync(this::askAsClients, AtOnce.THREADS);
            Map<Link, Boolean> heard = listen(cuts);
            Map<Link, Boolean> open = listen(bystanders);
            Map<String, Boolean> answered = asking.join();
            if (heard.containsValue(true) || open.containsValue(false) || answered.containsValue(true)) {
                return Optional.empty();
            }
            return Optional.of("packets vanish " + words(cuts)
                    + (answered.isEmpty()
                            ? ""
                            : "; clients that greet " + String.join(", ", new TreeSet<>(answered.keySet()))
                                    + " get no answer")
                    + (bystanders.isEmpty() ? "" : "; they arrive " + words(bystanders)));
        }

        @Override
        public Optional<String> gone() {
            return listen(cuts).containsValue(false) || askAsClients().containsValue(false)
                    ? Optional.empty()
                    : Optional.of("packets arrive " + words(cuts));
        }

        private Map<Link, Boolean> listen(List<Link> links) {
            Map<Link, Boolean> heard = new ConcurrentHashMap<>();
            // One at a time on each receiver: what arrives there is counted, whoever sent it.
            AtOnce.forAll(
                    links.stream().map(Link::to).distinct().toList(),
                    receiver -> links.stream()
                            .filter(link -> link.to().equals(receiver))
                            .forEach(link -> heard.put(link, receiver(link).hears(link.from()))));
            return heard;
        }

        private static String words(List<Link> links) {
            return String.join(", ", links.stream().sorted().map(Link::toString).toList());
        }
    }
}
