package dev.etcddrill.recipe;

import dev.etcddrill.document.InvalidDocumentException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that a person decides about an external etcd cluster; every file of its deployment follows from it.
 *
 * @param name the cluster's name, a DNS label
 * @param profile which form of the guide is rendered; corrected when not stated
 * @param etcd settings of etcd
 * @param kubernetes the Kubernetes cluster that uses it
 * @param network the members' network
 * @param hardware the members' hosts
 * @param members three, five or seven voting members
 * @param certificates how certificates are made
 * @param backup how snapshots are taken
 * @param objectives what the owner promises
 */
public record ClusterRecipe(
        String name,
        Profile profile,
        EtcdSettings etcd,
        KubernetesSettings kubernetes,
        NetworkSettings network,
        HardwareSettings hardware,
        List<MemberRecipe> members,
        CertificateSettings certificates,
        BackupSettings backup,
        Objectives objectives) {

    /** Value of {@code apiVersion} in a recipe. */
    public static final String API_VERSION = "etcddrill.dev/v1";
    /** Value of {@code kind} in a recipe. */
    public static final String KIND = "ClusterRecipe";

    /**
     * Checks what the parts of a recipe have to keep together.
     *
     * @throws IllegalArgumentException with every rule that is broken
     */
    public ClusterRecipe {
        MemberRecipe.requireLabel(name);
        members = List.copyOf(members);
        List<Violation> violations =
                RecipeRules.violations(RecipeDraft.of(etcd, kubernetes, network, hardware, members, backup));
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(violations.stream()
                    .map(violation -> violation.path() + ": " + violation.message())
                    .collect(Collectors.joining("; ")));
        }
    }

    /**
     * Reads a recipe from a YAML file of at most 1 MiB.
     *
     * @throws InvalidDocumentException with all problems of the file, each with its line and column; also when the file
     *     cannot be read
     */
    public static ClusterRecipe read(Path file) {
        return RecipeReader.read(file);
    }

    /** The member with this name. */
    public MemberRecipe member(String memberName) {
        return members.stream()
                .filter(member -> member.name().equals(memberName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of the members "
                        + members.stream().map(MemberRecipe::name).toList() + ", found \"" + memberName
                        + "\"; use a name of the recipe"));
    }

    /** Addresses of all members. */
    public Set<IpAddress> addresses() {
        return members.stream().map(MemberRecipe::address).collect(Collectors.toUnmodifiableSet());
    }

    /** The same recipe under another name; the initial cluster token stays. */
    public ClusterRecipe withName(String other) {
        return new ClusterRecipe(
                other, profile, etcd, kubernetes, network, hardware, members, certificates, backup, objectives);
    }

    /** The same recipe with other settings of etcd; stated and derived objectives stay. */
    public ClusterRecipe withEtcd(EtcdSettings other) {
        return new ClusterRecipe(
                name, profile, other, kubernetes, network, hardware, members, certificates, backup, objectives);
    }

    /** The same recipe for other members. */
    public ClusterRecipe withMembers(List<MemberRecipe> others) {
        return new ClusterRecipe(
                name, profile, etcd, kubernetes, network, hardware, others, certificates, backup, objectives);
    }

    /**
     * The same recipe with members at other addresses, for example on new hosts beside the old ones.
     *
     * @param addressesByName new address of each member that moves; others stay
     * @throws IllegalArgumentException when a name belongs to no member, or an address is taken twice or outside the
     *     subnet
     */
    public ClusterRecipe withAddresses(Map<String, IpAddress> addressesByName) {
        addressesByName.keySet().forEach(this::member);
        return withMembers(members.stream()
                .map(member -> member.withAddress(addressesByName.getOrDefault(member.name(), member.address())))
                .toList());
    }

    /**
     * The same recipe in another subnet.
     *
     * @param subnet of all members from now on
     * @param addressesByName new address of each member
     * @throws IllegalArgumentException when a member is missing, or an address is taken twice or outside the subnet
     */
    public ClusterRecipe movedTo(Subnet subnet, Map<String, IpAddress> addressesByName) {
        List<MemberRecipe> moved = members.stream()
                .map(member -> {
                    IpAddress address = addressesByName.get(member.name());
                    if (address == null) {
                        throw new IllegalArgumentException("there is no new address for member " + member.name());
                    }
                    return member.withAddress(address);
                })
                .toList();
        return new ClusterRecipe(
                name,
                profile,
                etcd,
                kubernetes,
                new NetworkSettings(subnet, network.roundTripTime()),
                hardware,
                moved,
                certificates,
                backup,
                objectives);
    }
}
