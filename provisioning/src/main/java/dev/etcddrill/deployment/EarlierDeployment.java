package dev.etcddrill.deployment;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.pki.CertificateAuthority;
import dev.etcddrill.pki.CertificatePurpose;
import dev.etcddrill.pki.EarlierCertificates;
import dev.etcddrill.pki.IssuedCertificate;
import dev.etcddrill.recipe.ClusterRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a tree on disk, rendered before, has for a rendering of today: the certificates that may stay.
 *
 * @param present whether there is one
 * @param certificates as far as they are there with their keys
 */
public record EarlierDeployment(boolean present, EarlierCertificates certificates) {
    /** A manifest of seven members has some 30 kB. */
    private static final long LARGEST_FILE = 4 << 20;

    public EarlierDeployment {
        requireNonNull(certificates, "certificates");
    }

    /**
     * Reads it.
     *
     * @param directory of a deployment, or where one will be
     * @throws OtherClusterException where the tree is another cluster's: two clusters never share an authority (docs/rules.md
     *     TLS-04)
     * @throws IllegalArgumentException where a file is not what it should be, or no authority's certificate is in a
     *     deployment; nothing of a key is in its message
     * @throws IOException where a file cannot be read
     */
    public static EarlierDeployment read(Path directory, ClusterRecipe recipe) throws IOException {
        Path manifest = directory.resolve(DeploymentTree.MANIFEST);
        Optional<FileContent> known = content(manifest);
        if (known.isEmpty()) {
            return new EarlierDeployment(false, EarlierCertificates.NONE);
        }
        String cluster = Manifest.parse(known.get()).cluster();
        if (!cluster.equals(recipe.name())) {
            throw new OtherClusterException(directory.toString(), cluster, recipe.name());
        }
        Map<CertificatePurpose, IssuedCertificate> leaves = new LinkedHashMap<>();
        for (CertificatePurpose purpose : CertificatePurpose.of(recipe)) {
            for (CertificateRenderer.Pair pair : CertificateRenderer.places(purpose, recipe)) {
                Optional<IssuedCertificate> found = certificate(directory, pair);
                if (found.isPresent()) {
                    leaves.put(purpose, found.get());
                    break;
                }
            }
        }
        return new EarlierDeployment(true, new EarlierCertificates(Optional.of(authority(directory, recipe)), leaves));
    }

    /** The authority's certificate lies on every host, too; its key may lie elsewhere. */
    private static CertificateAuthority authority(Path directory, ClusterRecipe recipe) throws IOException {
        Optional<String> key = text(DeploymentTree.place(directory, CertificateRenderer.AUTHORITY_KEY));
        for (String place : CertificateRenderer.authorityPlaces(recipe)) {
            Path file = DeploymentTree.place(directory, place);
            Optional<String> certificate = text(file);
            if (certificate.isPresent()) {
                try {
                    return CertificateAuthority.ofPem(certificate.get(), key);
                } catch (IllegalArgumentException unreadable) {
                    throw new IllegalArgumentException(place + " and " + CertificateRenderer.AUTHORITY_KEY + ": "
                            + unreadable.getMessage()
                            + "; put back what belongs there. Where only the key is wrong, remove"
                            + " the key: what fits is kept without it");
                }
            }
        }
        throw new IllegalArgumentException("expected the authority's certificate at "
                + CertificateRenderer.AUTHORITY_CERTIFICATE
                + ", found none; put it back, or render into an empty directory"
                + " for a new authority");
    }

    /**
     * What this has, and what only another copy has.
     *
     * @throws IllegalArgumentException where their authorities are not the same
     */
    public EarlierCertificates with(EarlierDeployment copy) {
        if (certificates.authority().isEmpty()) {
            return copy.certificates;
        }
        return copy.certificates.authority().isEmpty() ? certificates : certificates.with(copy.certificates);
    }

    /** Whether it has the authority's key. */
    public boolean hasAuthorityKey() {
        return certificates
                .authority()
                .flatMap(CertificateAuthority::privateKey)
                .isPresent();
    }

    private static Optional<IssuedCertificate> certificate(Path directory, CertificateRenderer.Pair pair)
            throws IOException {
        Path place = DeploymentTree.place(directory, pair.certificate());
        Optional<String> certificate = text(place);
        Optional<String> key = text(DeploymentTree.place(directory, pair.key()));
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(IssuedCertificate.ofPem(certificate.get(), key.get()));
        } catch (IllegalArgumentException unreadable) {
            throw unreadable(place, unreadable);
        }
    }

    private static IllegalArgumentException unreadable(Path place, IllegalArgumentException cause) {
        return new IllegalArgumentException(place + " and the key beside it: " + cause.getMessage()
                + "; put it back, or remove both for a new one");
    }

    private static Optional<String> text(Path file) throws IOException {
        return content(file).map(FileContent::text);
    }

    /** Empty only where it is known that there is no such file. */
    private static Optional<FileContent> content(Path file) throws IOException {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new IllegalArgumentException("expected " + file + " of at most " + LARGEST_FILE
                        + " bytes, found a larger file; put back what belongs there");
            }
            return Optional.of(FileContent.of(Files.readAllBytes(file)));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }
}
