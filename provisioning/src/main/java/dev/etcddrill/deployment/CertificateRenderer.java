package dev.etcddrill.deployment;

import dev.etcddrill.pki.ClientIdentity;
import dev.etcddrill.pki.IssuedCertificate;
import dev.etcddrill.pki.MemberCertificates;
import dev.etcddrill.pki.PublicKeyInfrastructure;
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
    private static final int CERTIFICATE_MODE = 0644;
    private static final int ROOT_KEY_MODE = 0600;
    private static final int ETCD_KEY_MODE = 0640;

    private CertificateRenderer() {}

    static List<DeploymentFile> renderMember(MemberRecipe member, PublicKeyInfrastructure infrastructure) {
        MemberCertificates certificates = infrastructure.member(member.name());
        List<DeploymentFile> files = new ArrayList<>();
        files.add(certificate(
                member.name(),
                MEMBER_DIRECTORY + "ca.crt",
                infrastructure.authority().identity()));
        for (NamedPair pair : List.of(
                new NamedPair("server", certificates.server(), true),
                new NamedPair("peer", certificates.peer(), true),
                new NamedPair("backup-client", infrastructure.client(ClientIdentity.BACKUP), false),
                new NamedPair("healthcheck-client", infrastructure.client(ClientIdentity.HEALTH_CHECK), false))) {
            files.add(certificate(member.name(), MEMBER_DIRECTORY + pair.name() + ".crt", pair.issued()));
            files.add(key(member.name(), MEMBER_DIRECTORY + pair.name() + ".key", pair.issued(), pair.forEtcd()));
        }
        return files;
    }

    static List<DeploymentFile> renderControlPlane(PublicKeyInfrastructure infrastructure) {
        String host = Deployment.CONTROL_PLANE;
        IssuedCertificate client = infrastructure.client(ClientIdentity.KUBE_APISERVER);
        return List.of(
                certificate(
                        host,
                        "/etc/kubernetes/pki/etcd/ca.crt",
                        infrastructure.authority().identity()),
                certificate(host, "/etc/kubernetes/pki/apiserver-etcd-client.crt", client),
                key(host, "/etc/kubernetes/pki/apiserver-etcd-client.key", client, false));
    }

    static List<DeploymentFile> renderAuthority(PublicKeyInfrastructure infrastructure) {
        String host = Deployment.CERTIFICATE_AUTHORITY;
        IssuedCertificate authority = infrastructure.authority().identity();
        return List.of(certificate(host, "/ca.crt", authority), key(host, "/ca.key", authority, false));
    }

    private record NamedPair(String name, IssuedCertificate issued, boolean forEtcd) {}

    private static DeploymentFile certificate(String host, String path, IssuedCertificate issued) {
        return new DeploymentFile(
                host, path, FileContent.ofText(issued.certificatePem()), CERTIFICATE_MODE, "root", "root", false);
    }

    private static DeploymentFile key(String host, String path, IssuedCertificate issued, boolean forEtcd) {
        return new DeploymentFile(
                host,
                path,
                FileContent.ofText(issued.privateKeyPem()),
                forEtcd ? ETCD_KEY_MODE : ROOT_KEY_MODE,
                "root",
                forEtcd ? "etcd" : "root",
                true);
    }
}
