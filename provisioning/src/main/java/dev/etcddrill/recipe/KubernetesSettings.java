package dev.etcddrill.recipe;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Kubernetes cluster that uses etcd.
 *
 * @param version release that kubeadm deploys
 * @param controlPlaneEndpoint host name and port of the load balancer before the API servers (docs/rules.md
 *     K8S-06)
 * @param podSubnet addresses of pods
 * @param serviceSubnet addresses of services
 */
public record KubernetesSettings(
        KubernetesVersion version, String controlPlaneEndpoint, Subnet podSubnet, Subnet serviceSubnet) {

    private static final Pattern ENDPOINT = Pattern.compile("([^:]+):(\\d{1,5})");
    private static final int LARGEST_PORT = 65_535;

    /** Checks each value by itself. */
    public KubernetesSettings {
        requireEndpoint(controlPlaneEndpoint);
        RecipeRules.requireNone(List.of(
                RecipeRules.supportedKubernetes(version),
                RecipeRules.podSubnetSize(podSubnet),
                RecipeRules.serviceSubnetSize(serviceSubnet)));
    }

    static String requireEndpoint(String endpoint) {
        Matcher matcher = ENDPOINT.matcher(endpoint);
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(2)) < 1
                || Integer.parseInt(matcher.group(2)) > LARGEST_PORT) {
            throw new IllegalArgumentException("expected the load balancer as host:port, found \"" + endpoint
                    + "\"; give an endpoint such as k8s-api.example.com:6443");
        }
        MemberRecipe.requireHostname(matcher.group(1));
        return endpoint;
    }
}
