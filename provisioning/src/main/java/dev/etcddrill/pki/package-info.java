/**
 * The certificate authority of an etcd cluster and the certificates that it issues. Entry point: {@link
 * dev.etcddrill.pki.PublicKeyInfrastructure#issue}.
 *
 * <p>Only values in memory: where a certificate lies on a host, and who may read it, is decided by the deployment.
 */
package dev.etcddrill.pki;
