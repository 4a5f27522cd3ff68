package dev.etcddrill.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.recipe.MemberRecipe;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class KubeadmConfigurationTest {

    private static final Deployment GUIDE = SampleDeployments.GUIDE;

    @Test
    void namesEveryMembersAdvertisedEndpoint() {
        List<Object> advertised = SampleDeployments.GUIDE_RECIPE.members().stream()
                .map(MemberRecipe::name)
                .map(member -> yaml(GUIDE, member, "/etc/etcd/etcd.conf.yml").get("advertise-client-urls"))
                .map(Object.class::cast)
                .toList();

        assertThat(external(GUIDE).get("endpoints")).isEqualTo(advertised);
    }

    @Test
    void namesCertificateFilesThatAreDeployedAndFitEachOther() throws Exception {
        X509Certificate authority = certificate(external(GUIDE).get("caFile"));
        X509Certificate client = certificate(external(GUIDE).get("certFile"));
        DeploymentFile key = GUIDE.requireFile(
                Deployment.CONTROL_PLANE, external(GUIDE).get("keyFile").toString());

        client.verify(authority.getPublicKey());
        client.checkValidity(Date.from(SampleDeployments.CLOCK.instant()));
        assertThat(client.getExtendedKeyUsage()).as("client only").containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(client.getSubjectAlternativeNames()).isNull();
        assertThat(authority)
                .as("the authority that etcd trusts")
                .isEqualTo(certificate("etcd-1", "/etc/etcd/pki/ca.crt"));
        assertThat(key.secret()).isTrue();
        assertThat(key.mode()).isEqualTo(0600);
        assertThat(GUIDE.files().stream().filter(file -> file.content().equals(key.content())))
                .as("the API servers' key is on no etcd host")
                .hasSize(1);
    }

    @Test
    void repeatsWhatTheRecipeSaysOfKubernetes() {
        Map<?, ?> configuration = configuration(GUIDE);

        assertThat(configuration.get("apiVersion")).isEqualTo("kubeadm.k8s.io/v1beta4");
        assertThat(configuration.get("kind")).isEqualTo("ClusterConfiguration");
        assertThat(configuration.get("kubernetesVersion")).isEqualTo("v1.36.3");
        assertThat(configuration.get("controlPlaneEndpoint")).isEqualTo("k8s-api.example.com:6443");
        assertThat(configuration.get("networking"))
                .isEqualTo(Map.of("podSubnet", "10.244.0.0/16", "serviceSubnet", "10.96.0.0/12"));
        assertThat(((Map<?, ?>) configuration.get("etcd")).keySet().stream().map(Object::toString))
                .as("never both local and external")
                .containsExactly("external");
    }

    @Test
    void usesTheApiVersionOfTheKubernetesRelease() {
        assertThat(apiVersion("1.30.9")).isEqualTo("kubeadm.k8s.io/v1beta3");
        assertThat(apiVersion("1.31.0")).isEqualTo("kubeadm.k8s.io/v1beta4");
    }

    private static Object apiVersion(String kubernetes) {
        return configuration(SampleDeployments.guideWith("version: 1.36.3", "version: " + kubernetes))
                .get("apiVersion");
    }

    private static Map<?, ?> configuration(Deployment deployment) {
        return yaml(deployment, Deployment.CONTROL_PLANE, "/etc/kubernetes/kubeadm-config.yaml");
    }

    private static Map<?, ?> external(Deployment deployment) {
        return (Map<?, ?>) ((Map<?, ?>) configuration(deployment).get("etcd")).get("external");
    }

    private static Map<?, ?> yaml(Deployment deployment, String host, String path) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build())
                .loadFromString(deployment.requireFile(host, path).content().text());
    }

    private static X509Certificate certificate(Object path) throws Exception {
        return certificate(Deployment.CONTROL_PLANE, path.toString());
    }

    private static X509Certificate certificate(String host, String path) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        GUIDE.requireFile(host, path).content().toByteArray()));
    }
}
