/** Tests of the certificates, as TLS programs would judge them. */
package dev.etcddrill.pki;
