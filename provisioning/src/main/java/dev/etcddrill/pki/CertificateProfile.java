package dev.etcddrill.pki;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * What a certificate must say for its purpose.
 *
 * @param alternativeNames of the subject
 */
record CertificateProfile(String commonName, CertificateAuthority.Usage usage, List<GeneralName> alternativeNames) {
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    CertificateProfile {
        alternativeNames = List.copyOf(alternativeNames);
    }

    static CertificateProfile of(CertificatePurpose purpose, ClusterRecipe recipe) {
        if (purpose instanceof CertificatePurpose.Server server) {
            return ofMember(MemberCertificates.SERVER_COMMON_NAME, recipe.member(server.member()));
        } else if (purpose instanceof CertificatePurpose.Peer peer) {
            return ofMember(MemberCertificates.PEER_COMMON_NAME, recipe.member(peer.member()));
        }
        ClientIdentity identity = ((CertificatePurpose.Client) purpose).identity();
        return new CertificateProfile(identity.commonName(), CertificateAuthority.Usage.CLIENT, List.of());
    }

    /** Own host name, member name, own address and the local host; nothing of other members (TLS-08). */
    private static CertificateProfile ofMember(String commonName, MemberRecipe member) {
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.dNSName, member.hostname()));
        if (!member.name().equals(member.hostname())) {
            names.add(new GeneralName(GeneralName.dNSName, member.name()));
        }
        names.add(new GeneralName(GeneralName.dNSName, "localhost"));
        names.add(new GeneralName(GeneralName.iPAddress, member.address().text()));
        names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
        return new CertificateProfile(commonName, CertificateAuthority.Usage.SERVER_AND_CLIENT, names);
    }

    /** In what a certificate differs from this; empty where in nothing. */
    Optional<String> difference(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        if (!subject.equals("CN=" + commonName)) {
            return Optional.of("it is for " + subject + " and must be for CN=" + commonName);
        }
        try {
            List<String> uses = Optional.ofNullable(certificate.getExtendedKeyUsage())
                    .map(List::copyOf)
                    .orElse(List.of());
            List<String> wanted = switch (usage) {
                case CLIENT -> List.of(CLIENT_AUTHENTICATION);
                case SERVER_AND_CLIENT -> List.of(SERVER_AUTHENTICATION, CLIENT_AUTHENTICATION);
            };
            if (!new TreeSet<>(uses).equals(new TreeSet<>(wanted))) {
                return Optional.of("its extended key usage is " + uses + " and must be " + wanted);
            }
            TreeSet<String> names = new TreeSet<>();
            Optional.ofNullable(certificate.getSubjectAlternativeNames())
                    .map(Collection::stream)
                    .ifPresent(all -> all.forEach(name -> names.add(String.valueOf(name.get(1)))));
            TreeSet<String> must = new TreeSet<>();
            alternativeNames.forEach(name -> must.add(text(name)));
            if (!names.equals(must)) {
                return Optional.of("it names " + names + " and must name " + must);
            }
            return Optional.empty();
        } catch (CertificateParsingException unreadable) {
            return Optional.of("its extensions cannot be read");
        }
    }

    private static String text(GeneralName name) {
        if (name.getTagNo() == GeneralName.dNSName) {
            return name.getName().toString();
        }
        try {
            byte[] octets = org.bouncycastle.asn1.ASN1OctetString.getInstance(name.getName())
                    .getOctets();
            return java.net.InetAddress.getByAddress(octets).getHostAddress();
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException("expected the octets of an address", impossible);
        }
    }
}
