package dev.etcddrill.recipe;

import dev.etcddrill.document.QuantityText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * The rules of a recipe, each with its source. The constructors of the recipe's records enforce them one by one; reading
 * a file applies the same functions to whatever could be read and so finds all problems at once.
 */
final class RecipeRules {

    static final EtcdVersion OLDEST_ETCD = new EtcdVersion(3, 5, 10);
    static final EtcdVersion FIRST_UNSUPPORTED_ETCD = new EtcdVersion(3, 8, 0);

    private static final Duration SHORTEST_LEAF = Duration.ofHours(1);
    private static final int HEARTBEATS_PER_ELECTION = 5;
    private static final int ROUND_TRIPS_PER_ELECTION = 10;
    private static final Duration LONGEST_ELECTION = Duration.ofSeconds(50);
    private static final List<Integer> MEMBER_COUNTS = List.of(3, 5, 7);
    private static final int NODE_MASK = 24;
    private static final int LARGEST_MASK_DIFFERENCE = 16;
    private static final int SHORTEST_SERVICE_PREFIX = 12;
    private static final int LONGEST_SERVICE_PREFIX = 28;

    /** Keys of etcd.conf.yml that a recipe field decides, and that field. */
    private static final Map<String, String> FIELDS_OF_ETCD_KEYS = Map.ofEntries(
            Map.entry("name", "spec.members[].name"),
            Map.entry("data-dir", "spec.etcd.dataDirectory"),
            Map.entry("wal-dir", "spec.etcd.walDirectory"),
            Map.entry("heartbeat-interval", "spec.etcd.heartbeatInterval"),
            Map.entry("election-timeout", "spec.etcd.electionTimeout"),
            Map.entry("quota-backend-bytes", "spec.etcd.quotaBackendBytes"),
            Map.entry("snapshot-count", "spec.etcd.snapshotCount"),
            Map.entry("initial-cluster-token", "spec.etcd.initialClusterToken"),
            Map.entry("listen-peer-urls", "spec.members[].address"),
            Map.entry("listen-client-urls", "spec.members[].address"),
            Map.entry("listen-metrics-urls", "spec.members[].address"),
            Map.entry("initial-advertise-peer-urls", "spec.members[].address"),
            Map.entry("advertise-client-urls", "spec.members[].address"),
            Map.entry("initial-cluster", "spec.members"),
            Map.entry("initial-cluster-state", "the script etcd-bootstrap-complete.sh, not a field,"));

    private RecipeRules() {}

    static void requireNone(List<Optional<String>> messages) {
        String found = messages.stream().flatMap(Optional::stream).collect(Collectors.joining("; "));
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(found);
        }
    }

    /**
     * Release lines 3.5, 3.6 and 3.7; of 3.5 not below 3.5.10, the first with {@code --bump-revision} and later than the
     * ones known to corrupt data (docs/rules.md section 5 and UPG-01).
     */
    static Optional<String> supportedEtcd(EtcdVersion version) {
        if (version.isAtLeast(OLDEST_ETCD) && !version.isAtLeast(FIRST_UNSUPPORTED_ETCD)) {
            return Optional.empty();
        }
        return Optional.of("expected an etcd version from 3.5.10 on of the release lines 3.5, 3.6 or 3.7, found "
                + version + "; older ones cannot restore with a revision bump, newer ones are not known here");
    }

    /** kubeadm.k8s.io/v1beta3 came with 1.22 (docs/rules.md K8S-01); nothing older can be rendered. */
    static Optional<String> supportedKubernetes(KubernetesVersion version) {
        if (version.major() == 1 && version.isAtLeastMinor(1, 22)) {
            return Optional.empty();
        }
        return Optional.of("expected Kubernetes 1.22 or later, found " + version
                + "; kubeadm's configuration API v1beta3 does not exist before");
    }

    /** kubeadm's own lowest version of an external etcd (docs/rules.md K8S-05 and section 5). */
    static Optional<String> etcdForKubernetes(EtcdVersion etcd, KubernetesVersion kubernetes) {
        EtcdVersion lowest;
        if (kubernetes.isAtLeastMinor(1, 35)) {
            lowest = new EtcdVersion(3, 5, 24);
        } else if (kubernetes.isAtLeastMinor(1, 34)) {
            lowest = new EtcdVersion(3, 5, 21);
        } else {
            return Optional.empty();
        }
        if (etcd.isAtLeast(lowest)) {
            return Optional.empty();
        }
        return Optional.of("expected etcd " + lowest + " or later for Kubernetes " + kubernetes + ", found " + etcd
                + "; kubeadm's preflight check refuses it (ExternalEtcdVersion)");
    }

    /** Whole milliseconds, at least five heartbeats or etcd does not start, at most 50 s (docs/rules.md CFG-04). */
    static Optional<String> electionAgainstHeartbeat(Duration heartbeat, Duration election) {
        if (!isWholeMilliseconds(heartbeat) || !isWholeMilliseconds(election)) {
            return Optional.of("expected heartbeat interval and election timeout in whole milliseconds, found "
                    + QuantityText.format(heartbeat) + " and " + QuantityText.format(election)
                    + "; etcd.conf.yml takes nothing finer");
        }
        if (election.compareTo(heartbeat.multipliedBy(HEARTBEATS_PER_ELECTION)) < 0) {
            return Optional.of("expected an election timeout of at least 5 x heartbeat interval ("
                    + QuantityText.format(heartbeat.multipliedBy(HEARTBEATS_PER_ELECTION)) + "), found "
                    + QuantityText.format(election) + "; etcd does not start with less");
        }
        if (election.compareTo(LONGEST_ELECTION) > 0) {
            return Optional.of("expected an election timeout of at most 50s, found " + QuantityText.format(election)
                    + "; etcd does not start with more");
        }
        return Optional.empty();
    }

    /** At least ten round trips (docs/rules.md CFG-04; etcd's tuning page). */
    static Optional<String> electionAgainstRoundTrip(Duration election, Duration roundTrip) {
        if (election.compareTo(roundTrip.multipliedBy(ROUND_TRIPS_PER_ELECTION)) >= 0) {
            return Optional.empty();
        }
        return Optional.of("expected an election timeout of at least 10 x round trip time ("
                + QuantityText.format(roundTrip.multipliedBy(ROUND_TRIPS_PER_ELECTION)) + "), found "
                + QuantityText.format(election) + "; raise spec.etcd.electionTimeout");
    }

    /** More than nothing (0 means 2 GiB to etcd, which hides the value) and at most 8 GiB (docs/rules.md CFG-07). */
    static Optional<String> quota(long quotaBytes) {
        if (quotaBytes > 0 && quotaBytes <= EtcdSettings.LARGEST_QUOTA_BYTES) {
            return Optional.empty();
        }
        return Optional.of("expected a quota of more than 0 and at most 8GiB (" + EtcdSettings.LARGEST_QUOTA_BYTES
                + " bytes), found " + quotaBytes + "; etcd warns above that");
    }

    /** The quota fits into memory (docs/rules.md CFG-08). */
    static Optional<String> quotaAgainstMemory(long quotaBytes, HardwareSettings hardware) {
        if (quotaBytes < hardware.memoryBytes()) {
            return Optional.empty();
        }
        return Optional.of("expected a quota below the host's memory (" + hardware.memoryBytes() + " bytes), found "
                + quotaBytes + "; lower it or state spec.hardware.memory");
    }

    static Optional<String> snapshotCount(long count) {
        if (count >= 1) {
            return Optional.empty();
        }
        return Optional.of(
                "expected at least 1 Raft entry between snapshots, found " + count + "; leave the field out for 10000");
    }

    /** Neither directory inside the other (docs/rules.md CFG-10 and trap 11, docs/rules.md N8). */
    static Optional<String> directoriesApart(String dataDirectory, String walDirectory) {
        if (!PathText.isSameOrInside(walDirectory, dataDirectory)
                && !PathText.isSameOrInside(dataDirectory, walDirectory)) {
            return Optional.empty();
        }
        return Optional.of(
                "expected a directory outside the data directory " + dataDirectory + " and not around it, found "
                        + walDirectory + "; a restore that misses a WAL inside brings old data back: use one such as"
                        + " /var/lib/etcd-wal");
    }

    /** Backups are not etcd's own files and do not share its directories (docs/rules.md CFG-10). */
    static Optional<String> backupApart(String backupDirectory, String etcdDirectory) {
        if (!PathText.isSameOrInside(backupDirectory, etcdDirectory)
                && !PathText.isSameOrInside(etcdDirectory, backupDirectory)) {
            return Optional.empty();
        }
        return Optional.of("expected a directory apart from " + etcdDirectory + ", found " + backupDirectory
                + "; use one such as " + BackupSettings.DEFAULT_DIRECTORY);
    }

    /** A key that has a field of its own is stated there, in one place. */
    static Optional<String> extraKeys(Map<String, Object> extra) {
        return extra.keySet().stream()
                .flatMap(key -> extraKey(key).stream())
                .reduce((left, right) -> left + "; " + right);
    }

    static Optional<String> extraKey(String key) {
        if (!key.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?")) {
            return Optional.of("expected a key of etcd.conf.yml in lower case with hyphens, found \"" + key
                    + "\"; write it as etcd's documentation does");
        }
        return Optional.ofNullable(FIELDS_OF_ETCD_KEYS.get(key))
                .map(field -> "expected only keys that no recipe field decides, found \"" + key + "\"; " + field
                        + " decides it");
    }

    /** Validity begins some minutes in the past, for clocks that are behind: a shorter life would be over at once. */
    static Optional<String> leafLifetime(Duration leaf) {
        return leaf.compareTo(SHORTEST_LEAF) >= 0
                ? Optional.empty()
                : Optional.of("expected certificates that live at least 1h, found " + QuantityText.format(leaf)
                        + "; give a time such as 8760h");
    }

    static Optional<String> authorityOutlivesLeaves(Duration leaf, Duration authority) {
        if (authority.compareTo(leaf) > 0) {
            return Optional.empty();
        }
        return Optional.of("expected an authority that outlives its certificates (" + QuantityText.format(leaf)
                + "), found " + QuantityText.format(authority) + "; raise spec.certificates.authorityLifetime");
    }

    /** Room for at least one node's block of /24, and at most 2^16 of them (docs/rules.md N15). */
    static Optional<String> podSubnetSize(Subnet pods) {
        if (pods.prefixLength() <= NODE_MASK && pods.prefixLength() >= NODE_MASK - LARGEST_MASK_DIFFERENCE) {
            return Optional.empty();
        }
        return Optional.of("expected a pod subnet from /8 to /24, found /" + pods.prefixLength()
                + "; kube-controller-manager gives every node a /24 of it");
    }

    /** The sizes that kubeadm's validation allows for IPv4 services. */
    static Optional<String> serviceSubnetSize(Subnet services) {
        if (services.prefixLength() >= SHORTEST_SERVICE_PREFIX && services.prefixLength() <= LONGEST_SERVICE_PREFIX) {
            return Optional.empty();
        }
        return Optional.of("expected a service subnet from /12 to /28, found /" + services.prefixLength()
                + "; kubeadm refuses others");
    }

    /** The networks of hosts, pods and services are disjoint (docs/rules.md K8S-07). */
    static List<Violation> subnetsApart(Map<String, Subnet> subnets) {
        List<Map.Entry<String, Subnet>> known = List.copyOf(subnets.entrySet());
        List<Violation> violations = new ArrayList<>();
        for (int later = 0; later < known.size(); later++) {
            for (int earlier = 0; earlier < later; earlier++) {
                Map.Entry<String, Subnet> first = known.get(earlier);
                Map.Entry<String, Subnet> second = known.get(later);
                if (first.getValue().overlaps(second.getValue())) {
                    violations.add(new Violation(
                            second.getKey(),
                            "expected a subnet apart from " + first.getKey() + " (" + first.getValue() + "), found "
                                    + second.getValue() + "; choose one that does not overlap"));
                }
            }
        }
        return violations;
    }

    /**
     * Three or five members, seven at most (docs/rules.md TOP-01, TOP-03, TOP-05): an even number adds no
     * tolerance, one or two tolerate nothing.
     */
    static Optional<String> memberCount(int count) {
        if (MEMBER_COUNTS.contains(count)) {
            return Optional.empty();
        }
        return Optional.of("expected 3, 5 or 7 members, found " + count
                + "; an even number tolerates no more failures than one less, and 1 or 2 tolerate none");
    }

    static Optional<String> memberAddress(IpAddress address, Subnet subnet) {
        if (subnet.isHostAddress(address)) {
            return Optional.empty();
        }
        return Optional.of("expected a host address in spec.network.subnet (" + subnet + "), found " + address
                + "; give another address or subnet");
    }

    /** No two members share a value (docs/rules.md TOP-06, TOP-08). */
    static List<Violation> distinct(Map<String, String> valuesByPath, String what) {
        Map<String, String> firstPaths = new HashMap<>();
        List<Violation> violations = new ArrayList<>();
        valuesByPath.forEach((path, value) -> {
            String first = firstPaths.putIfAbsent(value, path);
            if (first != null) {
                violations.add(new Violation(
                        path,
                        "expected " + what + " of its own, found " + value + ", which " + first
                                + " has already; give each member another"));
            }
        });
        return violations;
    }

    /** Every rule that the readable part of a recipe breaks. */
    static List<Violation> violations(RecipeDraft draft) {
        List<Violation> violations = new ArrayList<>();
        etcdViolations(draft, violations);
        memberViolations(draft, violations);
        Map<String, Subnet> subnets = new LinkedHashMap<>();
        draft.networkSubnet.ifPresent(subnet -> subnets.put("spec.network.subnet", subnet));
        draft.podSubnet.ifPresent(subnet -> subnets.put("spec.kubernetes.podSubnet", subnet));
        draft.serviceSubnet.ifPresent(subnet -> subnets.put("spec.kubernetes.serviceSubnet", subnet));
        violations.addAll(subnetsApart(subnets));
        add(violations, "spec.kubernetes.version", draft.kubernetesVersion.flatMap(RecipeRules::supportedKubernetes));
        add(violations, "spec.kubernetes.podSubnet", draft.podSubnet.flatMap(RecipeRules::podSubnetSize));
        add(violations, "spec.kubernetes.serviceSubnet", draft.serviceSubnet.flatMap(RecipeRules::serviceSubnetSize));
        add(violations, "spec.certificates.leafLifetime", draft.leafLifetime.flatMap(RecipeRules::leafLifetime));
        add(
                violations,
                "spec.certificates.authorityLifetime",
                both(draft.leafLifetime, draft.authorityLifetime, RecipeRules::authorityOutlivesLeaves));
        return violations;
    }

    private static void etcdViolations(RecipeDraft draft, List<Violation> violations) {
        Optional<String> unsupported = draft.etcdVersion.flatMap(RecipeRules::supportedEtcd);
        add(violations, "spec.etcd.version", unsupported);
        if (unsupported.isEmpty()) {
            add(
                    violations,
                    "spec.etcd.version",
                    both(draft.etcdVersion, draft.kubernetesVersion, RecipeRules::etcdForKubernetes));
        }
        add(
                violations,
                "spec.etcd.electionTimeout",
                both(draft.heartbeatInterval, draft.electionTimeout, RecipeRules::electionAgainstHeartbeat));
        add(
                violations,
                "spec.etcd.electionTimeout",
                both(draft.electionTimeout, draft.roundTripTime, RecipeRules::electionAgainstRoundTrip));
        add(violations, "spec.etcd.quotaBackendBytes", draft.quotaBackendBytes.flatMap(RecipeRules::quota));
        add(
                violations,
                "spec.etcd.quotaBackendBytes",
                both(draft.quotaBackendBytes, draft.hardware, RecipeRules::quotaAgainstMemory));
        add(violations, "spec.etcd.snapshotCount", draft.snapshotCount.flatMap(RecipeRules::snapshotCount));
        add(
                violations,
                "spec.etcd.walDirectory",
                both(draft.dataDirectory, draft.walDirectory, RecipeRules::directoriesApart));
        for (Optional<String> directory : List.of(draft.dataDirectory, draft.walDirectory)) {
            add(violations, "spec.backup.directory", both(draft.backupDirectory, directory, RecipeRules::backupApart));
        }
        draft.extraKeys.forEach((path, key) -> add(violations, path, extraKey(key)));
    }

    private static void memberViolations(RecipeDraft draft, List<Violation> violations) {
        List<RecipeDraft.Member> members = draft.members.orElse(List.of());
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, String> addresses = new LinkedHashMap<>();
        Map<String, String> hostnames = new LinkedHashMap<>();
        for (RecipeDraft.Member member : members) {
            String path = member.path();
            member.name().ifPresent(name -> names.put(path + ".name", name));
            member.address().ifPresent(address -> addresses.put(path + ".address", address.text()));
            member.hostname().ifPresent(hostname -> hostnames.put(path + ".hostname", hostname));
            add(violations, path + ".address", both(member.address(), draft.networkSubnet, RecipeRules::memberAddress));
        }
        add(violations, "spec.members", draft.members.map(List::size).flatMap(RecipeRules::memberCount));
        violations.addAll(distinct(names, "a name"));
        violations.addAll(distinct(addresses, "an address"));
        violations.addAll(distinct(hostnames, "a host name"));
    }

    private static void add(List<Violation> violations, String path, Optional<String> message) {
        message.ifPresent(text -> violations.add(new Violation(path, text)));
    }

    private static <A, B> Optional<String> both(
            Optional<A> first, Optional<B> second, BiFunction<A, B, Optional<String>> rule) {
        return first.flatMap(left -> second.flatMap(right -> rule.apply(left, right)));
    }

    private static boolean isWholeMilliseconds(Duration value) {
        return value.toNanosPart() % 1_000_000 == 0;
    }
}
