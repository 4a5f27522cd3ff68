package dev.etcddrill.deployment;

import dev.etcddrill.pki.CertificateAuthority;
import dev.etcddrill.pki.CertificatePurpose;
import dev.etcddrill.pki.EarlierCertificates;
import dev.etcddrill.pki.IssuedCertificate;
import dev.etcddrill.recipe.ClusterRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a tree on disk, rendered before, has for a rendering of today: the certificates that may stay. */
public final class EarlierDeployment {
    private EarlierDeployment() {}

    /**
     * The certificates in a tree, as far as they are there with their keys.
     *
     * @param directory of a deployment; where it is not there, nothing was issued
     * @throws OtherClusterException where the tree is another cluster's: two clusters never share an authority (docs/rules.md
     *     TLS-04)
     * @throws IllegalArgumentException where a file is there and is not what it should be; nothing of a key is in its message
     * @throws IOException where a file cannot be read
     */
    public static EarlierCertificates certificates(Path directory, ClusterRecipe recipe) throws IOException {
        Path manifest = directory.resolve(DeploymentTree.MANIFEST);
        if (Files.isRegularFile(manifest)) {
            String cluster =
                    Manifest.parse(FileContent.of(Files.readAllBytes(manifest))).cluster();
            if (!cluster.equals(recipe.name())) {
                throw new OtherClusterException(directory.toString(), cluster, recipe.name());
            }
        }
        Path authorityFile = DeploymentTree.place(directory, CertificateRenderer.AUTHORITY_CERTIFICATE);
        if (!Files.isRegularFile(authorityFile)) {
            return EarlierCertificates.NONE;
        }
        Optional<String> authorityKey = text(DeploymentTree.place(directory, CertificateRenderer.AUTHORITY_KEY));
        CertificateAuthority authority;
        try {
            authority = CertificateAuthority.ofPem(text(authorityFile).orElseThrow(), authorityKey);
        } catch (IllegalArgumentException unreadable) {
            throw unreadable(authorityFile, unreadable);
        }
        Map<CertificatePurpose, IssuedCertificate> leaves = new LinkedHashMap<>();
        for (CertificatePurpose purpose : CertificatePurpose.of(recipe)) {
            for (CertificateRenderer.Pair pair : CertificateRenderer.places(purpose, recipe)) {
                Optional<IssuedCertificate> found = read(directory, pair);
                if (found.isPresent()) {
                    leaves.put(purpose, found.get());
                    break;
                }
            }
        }
        return new EarlierCertificates(Optional.of(authority), leaves);
    }

    private static Optional<IssuedCertificate> read(Path directory, CertificateRenderer.Pair pair) throws IOException {
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
        return Files.isRegularFile(file)
                ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                : Optional.empty();
    }
}
