package dev.etcddrill.pki;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.util.ArrayList;
import java.util.List;

/** What a certificate of a cluster is for. */
public sealed interface CertificatePurpose {
    /** Shown by a member to clients. */
    record Server(String member) implements CertificatePurpose {
        public Server {
            requireNonNull(member, "member");
        }

        @Override
        public String toString() {
            return "the server certificate of " + member;
        }
    }

    /** Shown by a member to other members, as server and as client. */
    record Peer(String member) implements CertificatePurpose {
        public Peer {
            requireNonNull(member, "member");
        }

        @Override
        public String toString() {
            return "the peer certificate of " + member;
        }
    }

    /** Shown by a client. */
    record Client(ClientIdentity identity) implements CertificatePurpose {
        public Client {
            requireNonNull(identity, "identity");
        }

        @Override
        public String toString() {
            return "the client certificate " + identity.commonName();
        }
    }

    /** All that a recipe needs, members in its order. */
    static List<CertificatePurpose> of(ClusterRecipe recipe) {
        List<CertificatePurpose> purposes = new ArrayList<>();
        for (MemberRecipe member : recipe.members()) {
            purposes.add(new Server(member.name()));
            purposes.add(new Peer(member.name()));
        }
        for (ClientIdentity identity : ClientIdentity.values()) {
            purposes.add(new Client(identity));
        }
        return purposes;
    }
}
