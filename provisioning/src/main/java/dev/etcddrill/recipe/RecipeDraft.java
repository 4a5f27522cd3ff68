package dev.etcddrill.recipe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A recipe while it is read: what could not be read is absent, so that rules judge the rest all the same. Confined to the
 * reading thread.
 */
final class RecipeDraft {

    Optional<EtcdVersion> etcdVersion = Optional.empty();
    Optional<Duration> heartbeatInterval = Optional.empty();
    Optional<Duration> electionTimeout = Optional.empty();
    Optional<Long> quotaBackendBytes = Optional.empty();
    Optional<Long> snapshotCount = Optional.empty();
    Optional<String> dataDirectory = Optional.empty();
    Optional<String> walDirectory = Optional.empty();
    Optional<KubernetesVersion> kubernetesVersion = Optional.empty();
    Optional<Subnet> networkSubnet = Optional.empty();
    Optional<Subnet> podSubnet = Optional.empty();
    Optional<Subnet> serviceSubnet = Optional.empty();
    Optional<Duration> roundTripTime = Optional.empty();
    Optional<HardwareSettings> hardware = Optional.empty();
    Optional<Duration> leafLifetime = Optional.empty();
    Optional<Duration> authorityLifetime = Optional.empty();
    Optional<String> backupDirectory = Optional.empty();
    /** Keys under {@code spec.etcd.extra} by their path. */
    final Map<String, String> extraKeys = new LinkedHashMap<>();
    /** Absent when the recipe has no readable list of members. */
    Optional<List<Member>> members = Optional.empty();

    /** One member while it is read. */
    record Member(String path, Optional<String> name, Optional<IpAddress> address, Optional<String> hostname) {}

    /** What a whole recipe holds, for the rules across its sections. */
    static RecipeDraft of(
            EtcdSettings etcd,
            KubernetesSettings kubernetes,
            NetworkSettings network,
            HardwareSettings hardware,
            List<MemberRecipe> members,
            BackupSettings backup) {
        RecipeDraft draft = new RecipeDraft();
        draft.etcdVersion = Optional.of(etcd.version());
        draft.electionTimeout = Optional.of(etcd.electionTimeout());
        draft.quotaBackendBytes = Optional.of(etcd.quotaBackendBytes());
        draft.dataDirectory = Optional.of(etcd.dataDirectory());
        draft.walDirectory = Optional.of(etcd.walDirectory());
        draft.kubernetesVersion = Optional.of(kubernetes.version());
        draft.networkSubnet = Optional.of(network.subnet());
        draft.podSubnet = Optional.of(kubernetes.podSubnet());
        draft.serviceSubnet = Optional.of(kubernetes.serviceSubnet());
        draft.roundTripTime = Optional.of(network.roundTripTime());
        draft.hardware = Optional.of(hardware);
        draft.backupDirectory = Optional.of(backup.directory());
        List<Member> drafts = new ArrayList<>();
        for (MemberRecipe member : members) {
            drafts.add(new Member(
                    "spec.members[" + drafts.size() + "]",
                    Optional.of(member.name()),
                    Optional.of(member.address()),
                    Optional.of(member.hostname())));
        }
        draft.members = Optional.of(drafts);
        return draft;
    }
}
