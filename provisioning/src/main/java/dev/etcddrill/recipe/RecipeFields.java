package dev.etcddrill.recipe;

import dev.etcddrill.document.QuantityText;
import dev.etcddrill.recipe.RecipeField.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every field of a recipe, in the order in which one writes them. The reader takes its keys from here, the schema and
 * {@code etcd-drill explain} are made of it, so none of them knows a field that another does not.
 */
public final class RecipeFields {
    private static final List<RecipeField> ALL = List.of(
            required(
                    "apiVersion",
                    Kind.words(List.of(ClusterRecipe.API_VERSION)),
                    "",
                    (recipe, member) -> ClusterRecipe.API_VERSION),
            required("kind", Kind.words(List.of(ClusterRecipe.KIND)), "", (recipe, member) -> ClusterRecipe.KIND),
            required(
                    "metadata.name",
                    Kind.LABEL,
                    "at most 63 lower-case letters, digits and inner hyphens",
                    (recipe, member) -> recipe.name()),
            optional(
                    "spec.profile",
                    Kind.words(
                            Arrays.stream(Profile.values()).map(Profile::text).toList()),
                    "guide is known, but not rendered yet",
                    "the guide's files with its traps mended",
                    (recipe, member) -> recipe.profile().text()),
            required(
                    "spec.etcd.version",
                    Kind.VERSION,
                    "3.5.10 to 3.7.x; at least 3.5.21 for Kubernetes 1.34, 3.5.24 from 1.35 on",
                    (recipe, member) -> recipe.etcd().version().toString(),
                    "K8S-05",
                    "UPG-01"),
            optional(
                    "spec.etcd.heartbeatInterval",
                    Kind.TIME,
                    "whole milliseconds",
                    "etcd's default",
                    (recipe, member) -> time(recipe.etcd().heartbeatInterval()),
                    "CFG-03"),
            optional(
                    "spec.etcd.electionTimeout",
                    Kind.TIME,
                    "whole milliseconds; at least 5 heartbeats and 10 round trips, at most 50 s",
                    "etcd's default",
                    (recipe, member) -> time(recipe.etcd().electionTimeout()),
                    "CFG-04"),
            optional(
                    "spec.etcd.quotaBackendBytes",
                    Kind.SIZE,
                    "more than 0, at most 8 GiB, below hardware.memory",
                    "half of hardware.memory, at most 8 GiB: the rest is for everything else on the host (trap 17)",
                    (recipe, member) -> size(recipe.etcd().quotaBackendBytes()),
                    "CFG-07",
                    "CFG-08"),
            optional(
                    "spec.etcd.snapshotCount",
                    Kind.NUMBER,
                    "at least 1",
                    "etcd's default from 3.6 on",
                    (recipe, member) -> Long.toString(recipe.etcd().snapshotCount()),
                    "CFG-06"),
            optional(
                    "spec.etcd.dataDirectory",
                    Kind.PATH,
                    "absolute; letters, digits, dots, hyphens, underscores; not one of the system's",
                    "the guide's",
                    (recipe, member) -> recipe.etcd().dataDirectory()),
            optional(
                    "spec.etcd.walDirectory",
                    Kind.PATH,
                    "neither in nor around the data directory",
                    "a place of its own, which can be a disk of its own (trap 11)",
                    (recipe, member) -> recipe.etcd().walDirectory(),
                    "CFG-10"),
            optional(
                    "spec.etcd.initialClusterToken",
                    Kind.TOKEN,
                    "at most 100 letters, digits, dots, hyphens, underscores",
                    "metadata.name, so that no two clusters share one",
                    (recipe, member) -> recipe.etcd().initialClusterToken(),
                    "TOP-10"),
            optional(
                    "spec.etcd.extra",
                    Kind.MAPPING,
                    "keys of etcd.conf.yml that no other field decides",
                    "nothing more",
                    (recipe, member) -> recipe.etcd().extra().isEmpty()
                            ? "{}"
                            : recipe.etcd().extra().toString()),
            required(
                    "spec.kubernetes.version",
                    Kind.VERSION,
                    "1.22 or later",
                    (recipe, member) -> recipe.kubernetes().version().toString(),
                    "K8S-01"),
            required(
                    "spec.kubernetes.controlPlaneEndpoint",
                    Kind.ENDPOINT,
                    "the load balancer as host:port, a lower-case DNS name",
                    (recipe, member) -> recipe.kubernetes().controlPlaneEndpoint(),
                    "K8S-06"),
            required(
                    "spec.kubernetes.podSubnet",
                    Kind.SUBNET,
                    "/8 to /24, no host bits; overlaps no other subnet",
                    (recipe, member) -> recipe.kubernetes().podSubnet().toString(),
                    "K8S-07",
                    "N15"),
            required(
                    "spec.kubernetes.serviceSubnet",
                    Kind.SUBNET,
                    "/12 to /28, no host bits",
                    (recipe, member) -> recipe.kubernetes().serviceSubnet().toString(),
                    "K8S-07"),
            required(
                    "spec.network.subnet",
                    Kind.SUBNET,
                    "holds every member; overlaps neither pods nor services",
                    (recipe, member) -> recipe.network().subnet().toString(),
                    "K8S-07"),
            optional(
                    "spec.network.roundTripTime",
                    Kind.TIME,
                    "longest ordinary round trip between members",
                    "one data centre",
                    (recipe, member) -> time(recipe.network().roundTripTime()),
                    "TOP-07"),
            optional(
                    "spec.hardware.memory",
                    Kind.SIZE,
                    "memory of each host, at least 1 GiB",
                    "the guide's minimum",
                    (recipe, member) -> size(recipe.hardware().memoryBytes()),
                    "CFG-08"),
            required(
                    RecipeField.EACH_MEMBER + "name",
                    Kind.LABEL,
                    "unique; not default, control-plane, certificate-authority",
                    (recipe, member) -> member.name(),
                    "TOP-08"),
            required(
                    RecipeField.EACH_MEMBER + "address",
                    Kind.ADDRESS,
                    "unique; a host address of network.subnet",
                    (recipe, member) -> member.address().toString(),
                    "TOP-06"),
            required(
                    RecipeField.EACH_MEMBER + "hostname",
                    Kind.HOSTNAME,
                    "unique, lower case; part of the member's certificates",
                    (recipe, member) -> member.hostname(),
                    "TOP-06",
                    "TLS-08"),
            optional(
                    "spec.certificates.keyKind",
                    Kind.words(
                            Arrays.stream(KeyKind.values()).map(KeyKind::text).toList()),
                    "",
                    "the guide's kind",
                    (recipe, member) -> recipe.certificates().keyKind().text()),
            optional(
                    "spec.certificates.leafLifetime",
                    Kind.TIME,
                    "at least 1 h, shorter than authorityLifetime",
                    "the guide's, a year",
                    (recipe, member) -> time(recipe.certificates().leafLifetime()),
                    "TLS-13"),
            optional(
                    "spec.certificates.authorityLifetime",
                    Kind.TIME,
                    "longer than leafLifetime",
                    "what kubeadm gives its own authorities",
                    (recipe, member) -> time(recipe.certificates().authorityLifetime()),
                    "TLS-14"),
            optional(
                    "spec.backup.directory",
                    Kind.PATH,
                    "apart from etcd's directories",
                    "the guide's",
                    (recipe, member) -> recipe.backup().directory(),
                    "CFG-10"),
            optional(
                    "spec.backup.keep",
                    Kind.NUMBER,
                    "1 to 10000 newest snapshots",
                    "seven days of one every six hours, but counted",
                    (recipe, member) -> Integer.toString(recipe.backup().keep()),
                    "BAK-07"),
            optional(
                    "spec.backup.commandTimeout",
                    Kind.TIME,
                    "whole seconds; longest time for fetching one snapshot",
                    "without a limit it waits for ever where the endpoint is down",
                    (recipe, member) -> time(recipe.backup().commandTimeout()),
                    "BAK-03"),
            optional(
                    "spec.objectives.writeGapAfterLeaderLoss",
                    Kind.TIME,
                    "what drills hold the cluster to",
                    "2 x election timeout + 1 s",
                    (recipe, member) ->
                            time(recipe.objectives().writeGapAfterLeaderLoss().value())),
            optional(
                    "spec.objectives.fullHealthAfterFault",
                    Kind.TIME,
                    "what drills hold the cluster to",
                    "20 s + 10 x election timeout + (members - 1) x (5 s + 2 x election timeout)",
                    (recipe, member) ->
                            time(recipe.objectives().fullHealthAfterFault().value())));

    private RecipeFields() {}

    /** All of them. */
    public static List<RecipeField> all() {
        return ALL;
    }

    /** The keys of a mapping, given by its path; of the document itself with an empty one. */
    static List<String> keysOf(String mapping) {
        String prefix = mapping.isEmpty() ? "" : mapping + ".";
        return ALL.stream()
                .map(RecipeField::path)
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()).split("[.\\[]", 2)[0])
                .distinct()
                .toList();
    }

    /** Whether a mapping, given by its path, must be there: something in it must. */
    static boolean requiredMapping(String mapping) {
        return ALL.stream().anyMatch(field -> field.required() && field.path().startsWith(mapping + "."));
    }

    private static RecipeField required(
            String path, Kind kind, String limits, RecipeField.Effective effective, String... rules) {
        return new RecipeField(path, kind, limits, Optional.empty(), List.of(rules), effective);
    }

    private static RecipeField optional(
            String path, Kind kind, String limits, String fallback, RecipeField.Effective effective, String... rules) {
        return new RecipeField(path, kind, limits, Optional.of(fallback), List.of(rules), effective);
    }

    private static String time(Duration time) {
        return QuantityText.format(time);
    }

    private static String size(long bytes) {
        return Stream.of("TiB:40", "GiB:30", "MiB:20", "KiB:10")
                .map(unit -> unit.split(":", 2))
                .filter(unit -> bytes % (1L << Integer.parseInt(unit[1])) == 0 && bytes > 0)
                .findFirst()
                .map(unit -> (bytes >> Integer.parseInt(unit[1])) + unit[0])
                .orElse(Long.toString(bytes));
    }
}
