package dev.etcddrill.pki;

/**
 * Programs that are clients of etcd, each with a certificate of its own: any of them is as powerful as root on the cluster
 * (docs/rules.md TLS-06, TLS-18).
 */
public enum ClientIdentity {
    /** The API servers of Kubernetes. */
    KUBE_APISERVER("kube-apiserver-etcd-client"),
    /** The backup script. */
    BACKUP("etcd-backup"),
    /** Health checks, and people with etcdctl. */
    HEALTH_CHECK("kube-etcd-healthcheck-client");

    private final String commonName;

    ClientIdentity(String commonName) {
        this.commonName = commonName;
    }

    /** The certificate's common name (Kubernetes' "PKI certificates and requirements" where it names one). */
    public String commonName() {
        return commonName;
    }
}
