package dev.etcddrill.recipe;

import dev.etcddrill.document.MappingReader;
import dev.etcddrill.document.ProblemCollector;
import dev.etcddrill.document.QuantityText;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * From YAML nodes to a recipe. Every field is read and every rule applied before the first problem is reported; the
 * recipe is built only when there is none.
 */
final class RecipeBinder {

    private final ProblemCollector problems;
    private final RecipeDraft draft = new RecipeDraft();

    RecipeBinder(ProblemCollector problems) {
        this.problems = problems;
    }

    ClusterRecipe bind(Node root) {
        MappingReader document = MappingReader.open(Optional.of(root), "", RecipeFields.keysOf(""), problems);
        if (!(root instanceof MappingNode)) {
            // Every field would be missing, which says no more.
            throw problems.exception();
        }
        document.required("apiVersion", ClusterRecipe.API_VERSION, constant(ClusterRecipe.API_VERSION));
        document.required("kind", ClusterRecipe.KIND, constant(ClusterRecipe.KIND));
        Optional<String> name = document.requiredMapping("metadata", RecipeFields.keysOf("metadata"))
                .required(
                        "name",
                        "the cluster's name, such as etcd-cluster-1",
                        MappingReader.text(MemberRecipe::requireLabel));
        MappingReader spec = document.requiredMapping("spec", RecipeFields.keysOf("spec"));
        Optional<Profile> profile = spec.optional("profile", word(Profile.values(), Profile::text), Profile.CORRECTED);
        if (profile.equals(Optional.of(Profile.GUIDE))) {
            problems.add("spec.profile", "profile guide is not rendered yet, use corrected");
        }

        readHardware(spec);
        MappingReader etcd = spec.requiredMapping("etcd", RecipeFields.keysOf("spec.etcd"));
        readEtcd(etcd);
        Optional<String> token =
                etcd.optional("initialClusterToken", MappingReader.text(EtcdSettings::requireToken), name.orElse(null));
        Map<String, Object> extra = readExtra(etcd);
        MappingReader kubernetes = spec.requiredMapping("kubernetes", RecipeFields.keysOf("spec.kubernetes"));
        readKubernetes(kubernetes);
        Optional<String> endpoint = kubernetes.required(
                "controlPlaneEndpoint",
                "the load balancer as host:port, such as k8s-api.example.com:6443",
                MappingReader.text(KubernetesSettings::requireEndpoint));
        readNetwork(spec);
        readMembers(spec);
        Optional<KeyKind> keyKind = readCertificates(spec);
        MappingReader backup = spec.mapping("backup", RecipeFields.keysOf("spec.backup"));
        draft.backupDirectory = backup.optional(
                "directory", MappingReader.text(PathText::requireAbsolute), BackupSettings.DEFAULT_DIRECTORY);
        Optional<Long> keep = backup.optional("keep", keepCount(), (long) BackupSettings.DEFAULT_KEEP);
        Optional<Duration> commandTimeout =
                backup.optional("commandTimeout", wholeSeconds(), BackupSettings.DEFAULT_COMMAND_TIMEOUT);
        MappingReader objectives = spec.mapping("objectives", RecipeFields.keysOf("spec.objectives"));
        Optional<Duration> writeGap = objectives.optional("writeGapAfterLeaderLoss", duration(), null);
        Optional<Duration> fullHealth = objectives.optional("fullHealthAfterFault", duration(), null);

        RecipeRules.violations(draft).forEach(violation -> problems.add(violation.path(), violation.message()));
        if (!problems.isEmpty()) {
            throw problems.exception();
        }
        // No problem means that every field below was read, and that no constructor has anything left to refuse.
        return new ClusterRecipe(
                name.orElseThrow(),
                profile.orElseThrow(),
                new EtcdSettings(
                        draft.etcdVersion.orElseThrow(),
                        draft.heartbeatInterval.orElseThrow(),
                        draft.electionTimeout.orElseThrow(),
                        draft.quotaBackendBytes.orElseThrow(),
                        draft.snapshotCount.orElseThrow(),
                        draft.dataDirectory.orElseThrow(),
                        draft.walDirectory.orElseThrow(),
                        token.orElseThrow(),
                        extra),
                new KubernetesSettings(
                        draft.kubernetesVersion.orElseThrow(),
                        endpoint.orElseThrow(),
                        draft.podSubnet.orElseThrow(),
                        draft.serviceSubnet.orElseThrow()),
                new NetworkSettings(draft.networkSubnet.orElseThrow(), draft.roundTripTime.orElseThrow()),
                draft.hardware.orElseThrow(),
                draft.members.orElseThrow().stream()
                        .map(member -> new MemberRecipe(
                                member.name().orElseThrow(),
                                member.address().orElseThrow(),
                                member.hostname().orElseThrow()))
                        .toList(),
                new CertificateSettings(
                        keyKind.orElseThrow(), draft.leafLifetime.orElseThrow(), draft.authorityLifetime.orElseThrow()),
                new BackupSettings(
                        draft.backupDirectory.orElseThrow(),
                        Math.toIntExact(keep.orElseThrow()),
                        commandTimeout.orElseThrow()),
                Objectives.of(
                        draft.members.orElseThrow().size(), draft.electionTimeout.orElseThrow(), writeGap, fullHealth));
    }

    private void readHardware(MappingReader spec) {
        draft.hardware = spec.mapping("hardware", RecipeFields.keysOf("spec.hardware"))
                .optional(
                        "memory",
                        MappingReader.quantity(text -> new HardwareSettings(QuantityText.parseBytes(text))),
                        new HardwareSettings(HardwareSettings.DEFAULT_MEMORY_BYTES));
    }

    private void readEtcd(MappingReader etcd) {
        draft.etcdVersion =
                etcd.required("version", "an etcd version, such as 3.6.16", MappingReader.text(EtcdVersion::parse));
        draft.heartbeatInterval =
                etcd.optional("heartbeatInterval", duration(), EtcdSettings.DEFAULT_HEARTBEAT_INTERVAL);
        draft.electionTimeout = etcd.optional("electionTimeout", duration(), EtcdSettings.DEFAULT_ELECTION_TIMEOUT);
        draft.quotaBackendBytes = etcd.optional(
                "quotaBackendBytes",
                MappingReader.quantity(QuantityText::parseBytes),
                draft.hardware.map(EtcdSettings::defaultQuotaBytes).orElse(null));
        draft.snapshotCount =
                etcd.optional("snapshotCount", MappingReader.wholeNumber(), EtcdSettings.DEFAULT_SNAPSHOT_COUNT);
        draft.dataDirectory = etcd.optional(
                "dataDirectory", MappingReader.text(PathText::requireAbsolute), EtcdSettings.DEFAULT_DATA_DIRECTORY);
        draft.walDirectory = etcd.optional(
                "walDirectory", MappingReader.text(PathText::requireAbsolute), EtcdSettings.DEFAULT_WAL_DIRECTORY);
    }

    private void readKubernetes(MappingReader kubernetes) {
        draft.kubernetesVersion = kubernetes.required(
                "version", "a Kubernetes version, such as 1.36.3", MappingReader.text(KubernetesVersion::parse));
        draft.podSubnet =
                kubernetes.required("podSubnet", "a subnet, such as 10.244.0.0/16", MappingReader.text(Subnet::parse));
        draft.serviceSubnet = kubernetes.required(
                "serviceSubnet", "a subnet, such as 10.96.0.0/12", MappingReader.text(Subnet::parse));
    }

    private void readNetwork(MappingReader spec) {
        MappingReader network = spec.requiredMapping("network", RecipeFields.keysOf("spec.network"));
        draft.networkSubnet =
                network.required("subnet", "a subnet, such as 10.0.1.0/24", MappingReader.text(Subnet::parse));
        draft.roundTripTime = network.optional("roundTripTime", duration(), NetworkSettings.DEFAULT_ROUND_TRIP_TIME);
    }

    private void readMembers(MappingReader spec) {
        Optional<List<Node>> nodes = spec.requiredList("members", "a list of 3, 5 or 7 members");
        if (nodes.isEmpty()) {
            return;
        }
        List<RecipeDraft.Member> members = new ArrayList<>();
        for (Node node : nodes.get()) {
            String path = "spec.members[" + members.size() + "]";
            problems.place(path, node);
            boolean isMapping = node instanceof MappingNode;
            MappingReader member =
                    MappingReader.open(Optional.of(node), path, RecipeFields.keysOf("spec.members[]"), problems);
            if (!isMapping) {
                members.add(new RecipeDraft.Member(path, Optional.empty(), Optional.empty(), Optional.empty()));
                continue;
            }
            members.add(new RecipeDraft.Member(
                    path,
                    member.required(
                            "name", "a member name, such as etcd-1", MappingReader.text(MemberRecipe::requireName)),
                    member.required("address", "an address, such as 10.0.1.10", MappingReader.text(IpAddress::parse)),
                    member.required(
                            "hostname",
                            "a host name, such as etcd-1.example.com",
                            MappingReader.text(MemberRecipe::requireHostname))));
        }
        draft.members = Optional.of(members);
    }

    private Optional<KeyKind> readCertificates(MappingReader spec) {
        MappingReader certificates = spec.mapping("certificates", RecipeFields.keysOf("spec.certificates"));
        draft.leafLifetime =
                certificates.optional("leafLifetime", duration(), CertificateSettings.DEFAULT_LEAF_LIFETIME);
        draft.authorityLifetime =
                certificates.optional("authorityLifetime", duration(), CertificateSettings.DEFAULT_AUTHORITY_LIFETIME);
        return certificates.optional("keyKind", word(KeyKind.values(), KeyKind::text), KeyKind.RSA_2048);
    }

    private Map<String, Object> readExtra(MappingReader etcd) {
        Optional<Node> node = etcd.present("extra");
        if (node.isEmpty()) {
            return Map.of();
        }
        String path = etcd.pathOf("extra");
        problems.place(path, node.get());
        if (!(node.get() instanceof MappingNode mapping)) {
            problems.add(
                    node.get(),
                    path,
                    "expected a mapping of keys of etcd.conf.yml, found " + MappingReader.describe(node.get())
                            + "; write one key: value pair a line, or {}");
            return Map.of();
        }
        Map<String, Object> extra = plainMapping(mapping, path);
        extra.keySet().forEach(key -> draft.extraKeys.put(path + "." + key, key));
        return extra;
    }

    private Map<String, Object> plainMapping(MappingNode mapping, String path) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                problems.add(
                        tuple.getKeyNode(),
                        path,
                        "expected a plain key, found " + MappingReader.describe(tuple.getKeyNode())
                                + "; write key: value");
                continue;
            }
            String keyPath = path + "." + keyNode.getValue();
            problems.place(keyPath, keyNode);
            Object value = plainValue(tuple.getValueNode(), keyPath);
            if (values.containsKey(keyNode.getValue())) {
                problems.add(keyNode, keyPath, "expected the key once, found it again; remove one of them");
            }
            values.put(keyNode.getValue(), value);
        }
        return values;
    }

    private Object plainValue(Node node, String path) {
        if (node instanceof MappingNode mapping) {
            return plainMapping(mapping, path);
        }
        if (node instanceof SequenceNode sequence) {
            List<Object> values = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                values.add(plainValue(item, path + "[" + values.size() + "]"));
            }
            return values;
        }
        ScalarNode scalar = (ScalarNode) node;
        String text = scalar.getValue();
        if (scalar.getTag().equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        if (scalar.getTag().equals(Tag.INT) && text.matches("-?\\d{1,40}")) {
            return new BigInteger(text);
        }
        if (scalar.getTag().equals(Tag.FLOAT) && text.matches("-?\\d{1,40}\\.\\d{1,40}")) {
            return Double.valueOf(text);
        }
        if (scalar.getTag().equals(Tag.STR)) {
            return text;
        }
        problems.add(
                scalar,
                path,
                "expected text, a number, a boolean, a list or a mapping, found " + MappingReader.describe(scalar)
                        + "; write a plain value");
        return text;
    }

    private static MappingReader.ScalarType<Duration> duration() {
        return MappingReader.quantity(QuantityText::parseDuration);
    }

    private static MappingReader.ScalarType<Duration> wholeSeconds() {
        return MappingReader.quantity(text -> BackupSettings.requireWholeSeconds(QuantityText.parseDuration(text)));
    }

    private static MappingReader.ScalarType<Long> keepCount() {
        return node -> {
            long count = MappingReader.wholeNumber().read(node);
            if (count < 1 || count > BackupSettings.LARGEST_KEEP) {
                throw new IllegalArgumentException("expected to keep from 1 to " + BackupSettings.LARGEST_KEEP
                        + " snapshots, found " + count + "; give a number such as 28");
            }
            return count;
        };
    }

    private static MappingReader.ScalarType<String> constant(String value) {
        return MappingReader.text(text -> {
            if (!text.equals(value)) {
                throw new IllegalArgumentException("expected " + value + ", found \"" + text + "\"; write " + value);
            }
            return text;
        });
    }

    private static <T> MappingReader.ScalarType<T> word(T[] values, Function<T, String> wordOf) {
        return MappingReader.text(text -> Arrays.stream(values)
                .filter(value -> wordOf.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of "
                        + Arrays.stream(values).map(wordOf).collect(Collectors.joining(", ")) + ", found \"" + text
                        + "\"; write one of them")));
    }
}
