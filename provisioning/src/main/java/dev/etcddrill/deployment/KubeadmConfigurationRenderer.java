package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.KubernetesSettings;
import dev.etcddrill.recipe.KubernetesVersion;
import java.util.stream.Collectors;

/**
 * Renders {@code /etc/kubernetes/kubeadm-config.yaml} with external etcd (docs/rules.md K8S-01, K8S-03, K8S-04,
 * K8S-09, TOP-13; traps 21 and 29).
 */
final class KubeadmConfigurationRenderer {

    private static final int MODE = 0644;

    private KubeadmConfigurationRenderer() {}

    static DeploymentFile render(ClusterRecipe recipe) {
        KubernetesSettings kubernetes = recipe.kubernetes();
        String text = Template.named("kubeadm-config.yaml")
                .with("cluster", recipe.name())
                .with("api-version", apiVersion(kubernetes.version()))
                .with("kubernetes-version", kubernetes.version())
                .with("control-plane-endpoint", kubernetes.controlPlaneEndpoint())
                .with(
                        "endpoints",
                        recipe.members().stream()
                                .map(member -> "    - " + member.clientUrl())
                                .collect(Collectors.joining("\n")))
                .with("pod-subnet", kubernetes.podSubnet())
                .with("service-subnet", kubernetes.serviceSubnet())
                .render();
        return new DeploymentFile(
                Deployment.CONTROL_PLANE,
                "/etc/kubernetes/kubeadm-config.yaml",
                FileContent.ofText(text),
                MODE,
                "root",
                "root",
                false);
    }

    /** v1beta4 exists from 1.31 on, where v1beta3 is deprecated (docs/rules.md section 5). */
    private static String apiVersion(KubernetesVersion version) {
        return version.isAtLeastMinor(1, 31) ? "kubeadm.k8s.io/v1beta4" : "kubeadm.k8s.io/v1beta3";
    }
}
