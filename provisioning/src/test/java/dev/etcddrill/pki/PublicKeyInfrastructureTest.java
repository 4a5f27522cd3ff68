package dev.etcddrill.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.ExampleRecipes;
import dev.etcddrill.recipe.IpAddress;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublicKeyInfrastructureTest {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final ClusterRecipe GUIDE = ExampleRecipes.guide();
    private static final PublicKeyInfrastructure ISSUED =
            PublicKeyInfrastructure.issue(GUIDE, CLOCK, new SecureRandom());

    @Test
    void everyCertificateChainsToTheAuthority() throws Exception {
        PKIXParameters parameters =
                new PKIXParameters(Set.of(new TrustAnchor(ISSUED.authority().certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        CertificateFactory factory = CertificateFactory.getInstance("X.509");

        for (IssuedCertificate issued : leaves().toList()) {
            CertPathValidator.getInstance("PKIX")
                    .validate(factory.generateCertPath(List.of(issued.certificate())), parameters);
        }
    }

    @Test
    void theAuthorityMaySignCertificatesAndNothingElse() {
        X509Certificate authority = ISSUED.authority().certificate();

        assertThat(authority.getSubjectX500Principal().getName()).isEqualTo("CN=etcd-ca");
        assertThat(authority.getBasicConstraints()).isZero();
        assertThat(authority.getKeyUsage()[5]).as("keyCertSign").isTrue();
        assertThat(authority.getKeyUsage()[0]).as("digitalSignature").isFalse();
        assertThat(leaves())
                .allSatisfy(leaf -> assertThat(leaf.certificate().getBasicConstraints())
                        .as("not an authority")
                        .isNegative());
    }

    @Test
    void memberCertificatesNameTheirOwnHostAndNoOther() throws Exception {
        MemberCertificates second = ISSUED.member("etcd-2");

        for (IssuedCertificate issued : List.of(second.server(), second.peer())) {
            assertThat(alternativeNames(issued))
                    .containsExactlyInAnyOrder("etcd-2.example.com", "etcd-2", "localhost", "10.0.1.11", "127.0.0.1");
            assertThat(issued.certificate().getExtendedKeyUsage()).containsExactlyInAnyOrder(SERVER_AUTH, CLIENT_AUTH);
        }
        assertThat(commonName(second.server())).isEqualTo("CN=kube-etcd");
        assertThat(commonName(second.peer())).isEqualTo("CN=kube-etcd-peer");
    }

    @Test
    void clientCertificatesCannotServe() throws Exception {
        for (ClientIdentity identity : ClientIdentity.values()) {
            IssuedCertificate issued = ISSUED.client(identity);
            assertThat(issued.certificate().getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
            assertThat(issued.certificate().getSubjectAlternativeNames()).isNull();
            assertThat(commonName(issued)).isEqualTo("CN=" + identity.commonName());
        }
    }

    @Test
    void noKeyIsUsedTwice() {
        Set<String> keys = new HashSet<>();
        Stream.concat(
                        leaves().map(IssuedCertificate::privateKeyPem),
                        Stream.of(ISSUED.authority().privateKeyPem().orElseThrow()))
                .forEach(keys::add);

        assertThat(keys).hasSize(2 * 3 + 3 + 1);
        assertThat(leaves())
                .allSatisfy(
                        leaf -> assertThat(((RSAPublicKey) leaf.certificate().getPublicKey())
                                        .getModulus()
                                        .bitLength())
                                .isEqualTo(2048));
    }

    @Test
    void validityStartsAFewMinutesAgoAndLastsAsStated() {
        X509Certificate leaf = ISSUED.member("etcd-1").server().certificate();
        X509Certificate authority = ISSUED.authority().certificate();

        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofMinutes(5)));
        assertThat(Duration.between(
                        leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofDays(365));
        assertThat(authority.getNotAfter()).isAfter(leaf.getNotAfter());
    }

    @Test
    void privateKeysAreUnencryptedPkcs8() throws Exception {
        String pem = ISSUED.client(ClientIdentity.BACKUP).privateKeyPem();

        assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----");
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        assertThat(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded)))
                .isEqualTo(ISSUED.client(ClientIdentity.BACKUP).privateKey());
    }

    @Test
    void nothingPrintsAPrivateKey() {
        String printed = ISSUED.toString();

        assertThat(printed)
                .contains("CN=kube-etcd-peer")
                .doesNotContain("PRIVATE")
                .hasSizeLessThan(5_000);
        for (IssuedCertificate leaf : leaves().toList()) {
            assertThat(printed).doesNotContain(leaf.privateKey().toString());
        }
    }

    @Test
    void anExistingAuthorityIssuesForMembersThatMoved() throws Exception {
        ClusterRecipe moved = GUIDE.withAddresses(Map.of("etcd-1", IpAddress.parse("10.0.1.31")));

        PublicKeyInfrastructure again =
                PublicKeyInfrastructure.issueFrom(ISSUED.authority(), moved, CLOCK, new SecureRandom());

        assertThat(again.authority()).isEqualTo(ISSUED.authority());
        again.member("etcd-1")
                .peer()
                .certificate()
                .verify(ISSUED.authority().certificate().getPublicKey());
        assertThat(alternativeNames(again.member("etcd-1").peer()))
                .contains("10.0.1.31")
                .doesNotContain("10.0.1.10");
    }

    @Test
    void ellipticCurveKeysWorkAsWell() throws Exception {
        PublicKeyInfrastructure issued = PublicKeyInfrastructure.issue(
                ExampleRecipes.guideWith("profile: corrected", "certificates: {keyKind: ECDSA-P256}"),
                CLOCK,
                new SecureRandom());

        X509Certificate server = issued.member("etcd-3").server().certificate();
        assertThat(server.getPublicKey().getAlgorithm()).isEqualTo("EC");
        server.verify(issued.authority().certificate().getPublicKey());
    }

    @Test
    void askingForAnUnknownMemberSaysWhichThereAre() {
        assertThatThrownBy(() -> ISSUED.member("etcd-9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[etcd-1, etcd-2, etcd-3]")
                .hasMessageContaining("etcd-9");
    }

    private static Stream<IssuedCertificate> leaves() {
        return Stream.concat(
                ISSUED.members().values().stream().flatMap(member -> Stream.of(member.server(), member.peer())),
                ISSUED.clients().values().stream());
    }

    private static String commonName(IssuedCertificate issued) {
        return issued.certificate().getSubjectX500Principal().getName();
    }

    private static List<String> alternativeNames(IssuedCertificate issued) throws Exception {
        return issued.certificate().getSubjectAlternativeNames().stream()
                .map(name -> name.get(1).toString())
                .toList();
    }
}
