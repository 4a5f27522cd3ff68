package dev.etcddrill.cluster.docker;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.recipe.IpAddress;
import dev.etcddrill.recipe.Subnet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The routes of the machine that a Docker daemon runs on. A machine that lives in the recipe's subnet would lose its way to
 * the real hosts there, and the drill could be taken for them; Docker does not notice that.
 */
final class HostRoutes {
    private static final Path ROUTES = Path.of("/proc/net/route");

    private final List<Route> routes;

    HostRoutes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** One route that is not the default one. */
    record Route(String device, Subnet subnet) {}

    /** Of the machine that this process runs on; none where the kernel does not tell them. */
    static HostRoutes ofThisMachine() {
        if (!Files.exists(ROUTES)) {
            return new HostRoutes(List.of());
        }
        try {
            return parse(Files.readAllLines(ROUTES));
        } catch (IOException e) {
            throw new UncheckedIOException("the routes of this machine cannot be read", e);
        }
    }

    /**
     * Of the machine that a daemon elsewhere runs on.
     *
     * @param image with {@code cat} in it
     */
    static HostRoutes ofTheDaemonsMachine(DockerConnection docker, String image, Map<String, String> labels) {
        return parse(docker.readInHostNetwork(image, labels, ROUTES.toString())
                .lines()
                .toList());
    }

    /** Reads the form of {@code /proc/net/route}: addresses and masks in hexadecimal, the lowest byte first. */
    static HostRoutes parse(List<String> lines) {
        List<Route> routes = new ArrayList<>();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length < 8) {
                continue;
            }
            int prefixLength = Integer.bitCount(Integer.parseUnsignedInt(fields[7], 16));
            if (prefixLength > 0) {
                routes.add(new Route(fields[0], new Subnet(IpAddress.parse(dotted(fields[1])), prefixLength)));
            }
        }
        return new HostRoutes(routes);
    }

    private static String dotted(String hexadecimal) {
        int bits = Integer.reverseBytes(Integer.parseUnsignedInt(hexadecimal, 16));
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }

    /**
     * Refuses a subnet that the machine has a route into.
     *
     * @param machine what to call it
     * @throws ClusterException where it has one
     */
    void refuse(String machine, Subnet subnet) {
        for (Route route : routes) {
            if (route.subnet().overlaps(subnet)) {
                throw new ClusterException(machine + " itself has a route into the recipe's subnet " + subnet + " ("
                        + route.subnet() + " by " + route.device()
                        + "): members in Docker would stand in the way of the"
                        + " real hosts there. Drill in the sandbox, or on another machine");
            }
        }
    }
}
