package dev.etcddrill.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.ExampleRecipes;
import dev.etcddrill.recipe.IpAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenewalTest {
    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
    private static final ClusterRecipe GUIDE = ExampleRecipes.guide();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final PublicKeyInfrastructure FIRST =
            PublicKeyInfrastructure.issue(GUIDE, Clock.fixed(START, ZoneOffset.UTC), RANDOM);
    private static final CertificatePurpose PEER = new CertificatePurpose.Peer("etcd-2");
    private static final CertificatePurpose API_SERVER = new CertificatePurpose.Client(ClientIdentity.KUBE_APISERVER);

    private static Clock after(Duration time) {
        return Clock.fixed(START.plus(time), ZoneOffset.UTC);
    }

    private static Map<CertificatePurpose, IssuedCertificate> leaves() {
        Map<CertificatePurpose, IssuedCertificate> leaves = new LinkedHashMap<>();
        for (CertificatePurpose purpose : CertificatePurpose.of(GUIDE)) {
            if (purpose instanceof CertificatePurpose.Server server) {
                leaves.put(purpose, FIRST.member(server.member()).server());
            } else if (purpose instanceof CertificatePurpose.Peer peer) {
                leaves.put(purpose, FIRST.member(peer.member()).peer());
            } else {
                leaves.put(purpose, FIRST.client(((CertificatePurpose.Client) purpose).identity()));
            }
        }
        return leaves;
    }

    private static EarlierCertificates earlier(Map<CertificatePurpose, IssuedCertificate> leaves) {
        return new EarlierCertificates(Optional.of(FIRST.authority()), leaves);
    }

    private static Renewal renew(ClusterRecipe recipe, Duration later) {
        return Renewal.of(recipe, earlier(leaves()), false, after(later), RANDOM);
    }

    @Test
    void whatFitsIsKeptAsItIs() {
        Renewal renewal = renew(GUIDE, Duration.ofDays(100));

        assertThat(renewal.issued()).isEmpty();
        assertThat(renewal.infrastructure()).isEqualTo(FIRST);
    }

    @Test
    void aCertificateIsDueThirtyDaysBeforeItsEndAndNotBefore() {
        assertThat(renew(GUIDE, Duration.ofDays(334)).issued()).isEmpty();

        Renewal due = renew(GUIDE, Duration.ofDays(336));

        assertThat(due.issued())
                .hasSize(9)
                .allSatisfy((purpose, reason) -> assertThat(reason).startsWith("it ends on 2027-11-25T11:55"));
        assertThat(due.infrastructure().authority()).isEqualTo(FIRST.authority());
        assertThat(due.infrastructure()
                        .member("etcd-2")
                        .peer()
                        .certificate()
                        .getNotAfter()
                        .toInstant())
                .isAfter(START.plus(Duration.ofDays(600)));
    }

    @Test
    void aShortLivedCertificateIsDueAfterTwoThirdsOfItsLife() {
        ClusterRecipe shortLived = ExampleRecipes.guideWith(
                "profile: corrected", "certificates: {leafLifetime: 24h, keyKind: ECDSA-P256}");
        Renewal first =
                Renewal.of(shortLived, EarlierCertificates.NONE, false, Clock.fixed(START, ZoneOffset.UTC), RANDOM);
        EarlierCertificates known = new EarlierCertificates(
                Optional.of(first.infrastructure().authority()),
                Map.of(PEER, first.infrastructure().member("etcd-2").peer()));

        assertThat(Renewal.of(shortLived, known, false, after(Duration.ofHours(15)), RANDOM)
                        .issued())
                .doesNotContainKey(PEER);
        assertThat(Renewal.of(shortLived, known, false, after(Duration.ofHours(17)), RANDOM)
                        .issued())
                .containsKey(PEER);
    }

    @Test
    void onlyTheCertificatesOfAMemberThatMovedAreIssuedAnew() throws Exception {
        ClusterRecipe moved = GUIDE.withAddresses(Map.of("etcd-2", IpAddress.parse("10.0.1.31")));

        Renewal renewal = renew(moved, Duration.ofDays(1));

        assertThat(renewal.issued().keySet()).containsExactly(new CertificatePurpose.Server("etcd-2"), PEER);
        assertThat(renewal.issued().get(PEER)).contains("10.0.1.11").contains("must name", "10.0.1.31");
        renewal.infrastructure()
                .member("etcd-2")
                .peer()
                .certificate()
                .verify(FIRST.authority().certificate().getPublicKey());
        assertThat(renewal.infrastructure().member("etcd-1")).isEqualTo(FIRST.member("etcd-1"));
    }

    @Test
    void everyOtherReasonIsFound() {
        Map<CertificatePurpose, IssuedCertificate> wrong = leaves();
        wrong.remove(API_SERVER);
        wrong.put(PEER, FIRST.member("etcd-2").server());
        wrong.put(
                new CertificatePurpose.Server("etcd-1"),
                new IssuedCertificate(
                        FIRST.member("etcd-1").server().certificate(),
                        FIRST.member("etcd-3").server().privateKey()));
        wrong.put(
                new CertificatePurpose.Server("etcd-3"),
                PublicKeyInfrastructure.issue(GUIDE, after(Duration.ZERO), RANDOM)
                        .member("etcd-3")
                        .server());

        Map<CertificatePurpose, String> issued = Renewal.of(GUIDE, earlier(wrong), false, after(Duration.ZERO), RANDOM)
                .issued();

        assertThat(issued)
                .hasSize(4)
                .containsEntry(API_SERVER, "there was none with its key")
                .containsEntry(PEER, "it is for CN=kube-etcd and must be for CN=kube-etcd-peer")
                .containsEntry(new CertificatePurpose.Server("etcd-1"), "the key beside it is another's")
                .containsEntry(new CertificatePurpose.Server("etcd-3"), "another authority signed it");
    }

    @Test
    void anotherKindOfKeyIsIssuedAnew() {
        ClusterRecipe curves = ExampleRecipes.guideWith("profile: corrected", "certificates: {keyKind: ECDSA-P256}");

        assertThat(renew(curves, Duration.ofDays(1)).issued())
                .hasSize(9)
                .allSatisfy((purpose, reason) -> assertThat(reason).isEqualTo("its key is not ECDSA-P256"));
    }

    @Test
    void allAreIssuedWhereThatIsAskedFor() {
        Renewal renewal = Renewal.of(GUIDE, earlier(leaves()), true, after(Duration.ofDays(1)), RANDOM);

        assertThat(renewal.issued()).hasSize(9).containsValue("asked for");
        assertThat(renewal.infrastructure().authority()).isEqualTo(FIRST.authority());
    }

    @Test
    void withoutTheAuthoritysKeyOnlyWhatFitsCanBeHad() {
        CertificateAuthority away = new CertificateAuthority(FIRST.authority().certificate(), Optional.empty());
        EarlierCertificates known = new EarlierCertificates(Optional.of(away), leaves());

        assertThat(Renewal.of(GUIDE, known, false, after(Duration.ofDays(1)), RANDOM)
                        .infrastructure()
                        .members())
                .isEqualTo(FIRST.members());
        assertThatThrownBy(() -> Renewal.of(GUIDE, known, false, after(Duration.ofDays(340)), RANDOM))
                .isInstanceOf(MissingAuthorityKeyException.class)
                .hasMessageContaining("expected the authority's private key")
                .hasMessageContaining("the peer certificate of etcd-2: it ends on");
    }

    @Test
    void nothingOutlivesItsAuthority() {
        Renewal late = renew(GUIDE, Duration.ofDays(3_600));

        assertThat(late.infrastructure()
                        .client(ClientIdentity.BACKUP)
                        .certificate()
                        .getNotAfter())
                .isEqualTo(FIRST.authority().certificate().getNotAfter());
        assertThatThrownBy(() -> renew(GUIDE, Duration.ofDays(3_660)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected an authority that is valid");
    }

    @Test
    void pemTextsComeBackAsTheyWere() {
        IssuedCertificate peer = FIRST.member("etcd-2").peer();

        assertThat(IssuedCertificate.ofPem(peer.certificatePem(), peer.privateKeyPem()))
                .isEqualTo(peer);
        assertThat(CertificateAuthority.ofPem(
                        FIRST.authority().certificatePem(), FIRST.authority().privateKeyPem()))
                .isEqualTo(FIRST.authority());
        assertThatThrownBy(() -> CertificateAuthority.ofPem(
                        FIRST.authority().certificatePem(), Optional.of(peer.privateKeyPem())))
                .hasMessage("expected the private key of the authority, found another's");
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutShowingIt() {
        IssuedCertificate peer = FIRST.member("etcd-2").peer();
        String secret = peer.privateKeyPem().lines().skip(3).findFirst().orElseThrow();
        for (String damaged : new String[] {
            "", secret, peer.privateKeyPem().replace(secret, secret.substring(5)), peer.certificatePem()
        }) {
            assertThatThrownBy(() -> IssuedCertificate.ofPem(peer.certificatePem(), damaged))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("expected a private key in PEM")
                    .hasNoCause();
        }
    }
}
