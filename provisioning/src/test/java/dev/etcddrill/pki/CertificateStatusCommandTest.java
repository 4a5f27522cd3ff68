package dev.etcddrill.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.ExampleRecipes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CertificateStatusCommandTest {
    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
    private static final ClusterRecipe RECIPE =
            ExampleRecipes.guideWith("profile: corrected", "certificates: {keyKind: ECDSA-P256}");
    private static final PublicKeyInfrastructure ISSUED =
            PublicKeyInfrastructure.issue(RECIPE, Clock.fixed(START, ZoneOffset.UTC), new SecureRandom());
    private static final IssuedCertificate PEER = ISSUED.member("etcd-1").peer();

    @TempDir
    private Path directory;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(Duration later, String... arguments) {
        return new CommandLine(new CertificateStatusCommand(Clock.fixed(START.plus(later), ZoneOffset.UTC)))
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(directory.resolve(name).getParent());
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void everyCertificateIsListedOnceTheFirstToEndFirst() throws IOException {
        write("etcd-1/ca.pem", ISSUED.authority().certificatePem());
        write("etcd-2/ca.pem", ISSUED.authority().certificatePem());
        write("etcd-1/bundle", "# both\n" + ISSUED.authority().certificatePem() + "\r\n" + PEER.certificatePem());
        write("etcd-1/peer.key", PEER.privateKeyPem());
        write("etcd-1/peer.txt", PEER.privateKeyPem() + PEER.certificatePem());

        assertThat(run(Duration.ZERO, directory.toString())).isZero();
        assertThat(output.toString().lines()).hasSize(2);
        assertThat(output.toString().lines().findFirst().orElseThrow())
                .startsWith("valid")
                .contains("ends 2027-11-25 11:55 UTC, in 364 days", "CN=kube-etcd-peer", "bundle and 1 more");
        assertThat(output.toString())
                .contains("CN=etcd-ca", "bundle and 2 more")
                .doesNotContain("PRIVATE");
    }

    @Test
    void whatIsDueOrOverOrEarlyOrDamagedIsToldByTheExitCode() throws IOException {
        write("peer.crt", PEER.certificatePem());
        String path = directory.toString();

        assertThat(run(Duration.ofDays(334), path)).isZero();
        assertThat(run(Duration.ofDays(336), path)).isEqualTo(1);
        assertThat(run(Duration.ofDays(310), path, "--within", "60d")).isEqualTo(1);
        assertThat(output.toString()).contains("DUE           ends");
        assertThat(run(Duration.ofDays(367), path)).isEqualTo(1);
        assertThat(output.toString()).contains("ENDED         ends 2027-11-25 11:55 UTC, 2 days ago");
        assertThat(run(Duration.ofDays(-1), path)).isEqualTo(1);
        assertThat(output.toString()).contains("NOT YET VALID");

        String pem = PEER.certificatePem();
        write("peer.crt", pem.substring(0, pem.length() / 2));
        assertThat(run(Duration.ZERO, path)).isEqualTo(1);
        assertThat(output.toString()).contains("damaged       " + directory.resolve("peer.crt"));
        write("peer.crt", pem.replaceFirst("MII", "AAA"));
        assertThat(run(Duration.ZERO, path)).isEqualTo(1);
    }

    @Test
    void badUsageIsSaid() throws IOException {
        write("notes", "nothing here");

        assertThat(run(Duration.ZERO, directory.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("found none below");
        assertThat(run(Duration.ZERO, directory.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(run(Duration.ZERO, directory.toString(), "--within", "soon")).isEqualTo(2);
        assertThat(errors.toString()).contains("--within: expected a time").doesNotContain("\tat ");
    }
}
