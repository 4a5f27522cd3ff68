package dev.etcddrill.pki;

import java.util.Map;
import java.util.stream.Collectors;

/** Certificates have to be issued, and the authority's key is not at hand. */
public final class MissingAuthorityKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingAuthorityKeyException(Map<CertificatePurpose, String> needed) {
        super(
                "expected the authority's private key at certificate-authority/ca.key, found none; put it there for this time, or name a"
                        + " copy that has it in --pki, because these must be issued:"
                        + needed.entrySet().stream()
                                .map(entry -> "\n  " + entry.getKey() + ": " + entry.getValue())
                                .collect(Collectors.joining()));
    }
}
