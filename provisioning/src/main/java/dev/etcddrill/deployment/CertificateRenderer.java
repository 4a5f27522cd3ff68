package dev.etcddrill.deployment;

import dev.etcddrill.pki.CertificatePurpose;
import dev.etcddrill.pki.ClientIdentity;
import dev.etcddrill.pki.IssuedCertificate;
import dev.etcddrill.pki.MemberCertificates;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders certificates and keys as PEM files. Names end in .crt and .key, because audits look for those only
 * (docs/rules.md TLS-15, trap 29). Keys are readable by their one user: etcd's through its group, so that the daemon
 * cannot rewrite them (trap 13). No key lies on two hosts, except that of the backup and health check clients (trap 1, 2).
 */
final class CertificateRenderer {

    private static final String MEMBER_DIRECTORY = "/etc/etcd/pki/";
    private static final String API_SERVER = "/etc/kubernetes/pki/apiserver-etcd-client";
    private static final int CERTIFICATE_MODE = 0644;
    private static final int ROOT_KEY_MODE = 0600;
    private static final int ETCD_KEY_MODE = 0640;

    /** Of the authority's certificate, in the tree. */
    static final String AUTHORITY_CERTIFICATE = Deployment.CERTIFICATE_AUTHORITY + "/ca.crt";

    /** Of the authority's key, in the tree. */
    static final String AUTHORITY_KEY = Deployment.CERTIFICATE_AUTHORITY + "/ca.key";

    private CertificateRenderer() {}

    /** Where a certificate and its key lie in the tree. */
    record Pair(String certificate, String key) {
        private static Pair of(String host, String path) {
            return new Pair(host + path + ".crt", host + path + ".key");
        }
    }

    /** All places that hold the authority's certificate, its own first. */
    static List<String> authorityPlaces(ClusterRecipe recipe) {
        List<String> places = new ArrayList<>(List.of(AUTHORITY_CERTIFICATE));
        recipe.members().forEach(member -> places.add(member.name() + MEMBER_DIRECTORY + "ca.crt"));
        return places;
    }

    /** All places that hold the certificate for a purpose. */
    static List<Pair> places(CertificatePurpose purpose, ClusterRecipe recipe) {
        if (purpose instanceof CertificatePurpose.Server server) {
            return List.of(Pair.of(server.member(), MEMBER_DIRECTORY + "server"));
        } else if (purpose instanceof CertificatePurpose.Peer peer) {
            return List.of(Pair.of(peer.member(), MEMBER_DIRECTORY + "peer"));
        }
        return switch (((CertificatePurpose.Client) purpose).identity()) {
            case KUBE_APISERVER -> List.of(Pair.of(Deployment.CONTROL_PLANE, API_SERVER));
            case BACKUP -> onEveryMember(recipe, "backup-client");
            case HEALTH_CHECK -> onEveryMember(recipe, "healthcheck-client");
        };
    }

    private static List<Pair> onEveryMember(ClusterRecipe recipe, String name) {
        return recipe.members().stream()
                .map(member -> Pair.of(member.name(), MEMBER_DIRECTORY + name))
                .toList();
    }

    static List<DeploymentFile> renderMember(MemberRecipe member, PublicKeyInfrastructure infrastructure) {
        MemberCertificates certificates = infrastructure.member(member.name());
        List<DeploymentFile> files = new ArrayList<>();
        files.add(authority(member.name(), MEMBER_DIRECTORY + "ca.crt", infrastructure));
        for (NamedPair pair : List.of(
                new NamedPair("server", certificates.server(), true),
                new NamedPair("peer", certificates.peer(), true),
                new NamedPair("backup-client", infrastructure.client(ClientIdentity.BACKUP), false),
                new NamedPair("healthcheck-client", infrastructure.client(ClientIdentity.HEALTH_CHECK), false))) {
            files.add(certificate(
                    member.name(),
                    MEMBER_DIRECTORY + pair.name() + ".crt",
                    pair.issued().certificatePem()));
            files.add(key(
                    member.name(),
                    MEMBER_DIRECTORY + pair.name() + ".key",
                    pair.issued().privateKeyPem(),
                    pair.forEtcd()));
        }
        return files;
    }

    static List<DeploymentFile> renderControlPlane(PublicKeyInfrastructure infrastructure) {
        String host = Deployment.CONTROL_PLANE;
        IssuedCertificate client = infrastructure.client(ClientIdentity.KUBE_APISERVER);
        return List.of(
                authority(host, "/etc/kubernetes/pki/etcd/ca.crt", infrastructure),
                certificate(host, API_SERVER + ".crt", client.certificatePem()),
                key(host, API_SERVER + ".key", client.privateKeyPem(), false));
    }

    static List<DeploymentFile> renderAuthority(PublicKeyInfrastructure infrastructure) {
        String host = Deployment.CERTIFICATE_AUTHORITY;
        List<DeploymentFile> files = new ArrayList<>(List.of(authority(host, "/ca.crt", infrastructure)));
        infrastructure.authority().privateKeyPem().ifPresent(pem -> files.add(key(host, "/ca.key", pem, false)));
        return files;
    }

    private static DeploymentFile authority(String host, String path, PublicKeyInfrastructure infrastructure) {
        return certificate(host, path, infrastructure.authority().certificatePem());
    }

    private record NamedPair(String name, IssuedCertificate issued, boolean forEtcd) {}

    private static DeploymentFile certificate(String host, String path, String pem) {
        return new DeploymentFile(host, path, FileContent.ofText(pem), CERTIFICATE_MODE, "root", "root", false);
    }

    private static DeploymentFile key(String host, String path, String pem, boolean forEtcd) {
        return new DeploymentFile(
                host,
                path,
                FileContent.ofText(pem),
                forEtcd ? ETCD_KEY_MODE : ROOT_KEY_MODE,
                "root",
                forEtcd ? "etcd" : "root",
                true);
    }
}
