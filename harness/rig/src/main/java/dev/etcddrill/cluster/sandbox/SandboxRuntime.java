package dev.etcddrill.cluster.sandbox;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.MemberHost;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.distribution.FileTree;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.IpAddress;
import dev.etcddrill.recipe.MemberRecipe;
import dev.etcddrill.recipe.Subnet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Members in network namespaces inside the namespaces of this JVM, at the recipe's own addresses. Each subnet is a bridge
 * whose address is the subnet's first free one; this JVM's clients talk over it.
 */
public final class SandboxRuntime implements ClusterRuntime {
    private static final Duration SCRIPT_TIMEOUT = Duration.ofSeconds(60);
    private static final Path PRIVATE = Path.of("/run/etcd-drill");

    private final Path work;
    private final SandboxLauncher.Mode mode;
    private final Optional<Path> toxiproxy;
    private Optional<ToxiproxyServer> clientProxies = Optional.empty();
    private final Map<Subnet, Bridge> bridges = new HashMap<>();

    /** Which member holds which address, from the making of its host until nothing of it is left. */
    private final Map<IpAddress, String> addresses = new ConcurrentHashMap<>();

    /** Network namespace of each member of each cluster, by incarnation and name. */
    private final Map<String, String> namespaces = new ConcurrentHashMap<>();

    private int hosts;

    private SandboxRuntime(Path work, SandboxLauncher.Mode mode, Optional<Path> toxiproxy) {
        this.work = work;
        this.mode = mode;
        this.toxiproxy = toxiproxy;
    }

    /** Whether this JVM is init of a sandbox that {@link SandboxLauncher} made. */
    public static boolean inside() {
        return System.getenv(SandboxLauncher.MARKER) != null
                && ProcessHandle.current().pid() == 1;
    }

    /**
     * Prepares the sandbox that this JVM runs in.
     *
     * @param work directory on a real disk that members' files go to; made here, removed by {@link #close()}
     * @param toxiproxy the program {@code toxiproxy-server}; empty where no drill needs link faults
     * @throws ClusterException where this JVM is not inside a sandbox, or has a network
     */
    public static SandboxRuntime enter(Path work, Optional<Path> toxiproxy) {
        if (!inside()) {
            throw new ClusterException("this JVM does not run inside a sandbox: start drills with mvn verify -Pchaos or"
                    + " etcd-drill run, which put the sandbox around it");
        }
        SandboxLauncher.Mode mode = SandboxLauncher.Mode.valueOf(
                System.getenv(SandboxLauncher.MARKER).toUpperCase(Locale.ROOT));
        String links = run("ip -o link").text();
        if (links.lines().count() != 1) {
            // The one thing that keeps drills away from production: whoever is not alone must not go on.
            throw new ClusterException(
                    "a fresh sandbox has one network link, its own loopback, but this one has: " + links);
        }
        run("mount -t tmpfs -o mode=755 tmpfs /run && mkdir -p " + PRIVATE + " && ip link set lo up");
        try {
            Files.createDirectories(work);
        } catch (IOException e) {
            throw new UncheckedIOException("the working directory " + work + " cannot be made", e);
        }
        return new SandboxRuntime(work.toAbsolutePath(), mode, toxiproxy);
    }

    @Override
    public String name() {
        return "sandbox";
    }

    @Override
    public Optional<String> obstacle(Capability capability) {
        if (capability == Capability.LINK_FAULTS && toxiproxy.isEmpty()) {
            return Optional.of("needs the program toxiproxy-server, which was not prepared for this run");
        }
        return SandboxLauncher.obstacle(mode, capability);
    }

    @Override
    public List<String> notProven() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "systemd: members were started as the unit starts them, but not by it, and without its restart delay.");
        lines.add(
                "Disks and network: members shared this machine's disk and memory, and links had no latency but what faults added.");
        if (mode == SandboxLauncher.Mode.USER) {
            lines.add("Users: without root there is one user inside the sandbox, so owners and modes of files were not"
                    + " tried.");
        }
        return lines;
    }

    @Override
    public MemberHost createHost(
            ClusterRecipe recipe,
            MemberRecipe member,
            Deployment deployment,
            Distribution distribution,
            String incarnation,
            Set<Capability> capabilities) {
        requireAll(capabilities);
        String name = member.name() + " of " + incarnation;
        String holder = addresses.putIfAbsent(member.address(), name);
        if (holder != null) {
            // Two clusters at the same addresses would even have the same ids, and answer for each other.
            throw new ClusterException("the address " + member.address() + " of " + name + " is still held by " + holder
                    + ", which could not be removed");
        }
        String bridge = bridgeFor(recipe);
        hosts++;
        SandboxHost.Place place = new SandboxHost.Place(
                member,
                recipe.network().subnet(),
                incarnation,
                hosts,
                bridge,
                senders(recipe, member),
                capabilities,
                work.resolve(incarnation).resolve(member.name()),
                PRIVATE.resolve(incarnation).resolve(member.name()),
                List.of(recipe.etcd().dataDirectory(), recipe.etcd().walDirectory()),
                mode,
                deployment,
                distribution);
        namespaces.put(key(incarnation, member.name()), place.namespace());
        return SandboxHost.create(this, place);
    }

    private static String key(String incarnation, String member) {
        return incarnation + "/" + member;
    }

    /** Every other member, and the clients, who are at the bridge's own address. */
    private Map<String, String> senders(ClusterRecipe recipe, MemberRecipe receiver) {
        Map<String, String> senders = new LinkedHashMap<>();
        for (MemberRecipe member : recipe.members()) {
            if (!member.name().equals(receiver.name())) {
                senders.put(member.name(), member.address().toString());
            }
        }
        senders.put(
                HostNetwork.CLIENTS,
                bridges.get(recipe.network().subnet()).address().toString());
        return senders;
    }

    /** Nothing of a host is left. */
    void removed(SandboxHost.Place place) {
        namespaces.remove(key(place.incarnation(), place.member().name()));
        addresses.remove(place.member().address());
    }

    /** The network namespace of a member. */
    String namespaceOf(String incarnation, String member) {
        return Optional.ofNullable(namespaces.get(key(incarnation, member)))
                .orElseThrow(() -> new ClusterException("member " + member + " of " + incarnation + " has no host"));
    }

    Path toxiproxy() {
        return toxiproxy.orElseThrow();
    }

    /** The server that this JVM's clients go through where links can be hurt; started when it is first needed. */
    synchronized ToxiproxyServer clientProxies() {
        if (clientProxies.isEmpty()) {
            clientProxies = Optional.of(ToxiproxyServer.start(
                    List.of("setsid"), toxiproxy(), "127.0.0.1", work.resolve("toxiproxy-clients.log")));
        }
        return clientProxies.get();
    }

    /** The subnet's bridge. Its own address is none of this recipe's members'; another recipe's may have had it. */
    private String bridgeFor(ClusterRecipe recipe) {
        Subnet subnet = recipe.network().subnet();
        Set<IpAddress> taken = recipe.addresses();
        Bridge bridge = bridges.get(subnet);
        if (bridge == null) {
            bridge = new Bridge("drill" + bridges.size(), subnet.firstFreeAddress(taken));
            run("ip link add " + bridge.name() + " type bridge && ip addr add " + bridge.address() + "/"
                    + subnet.prefixLength() + " dev " + bridge.name() + " && ip link set " + bridge.name() + " up");
        } else if (taken.contains(bridge.address())) {
            bridge = new Bridge(bridge.name(), subnet.firstFreeAddress(taken));
            run("ip addr flush dev " + bridge.name() + " && ip addr add " + bridge.address() + "/"
                    + subnet.prefixLength() + " dev " + bridge.name());
        }
        bridges.put(subnet, bridge);
        return bridge.name();
    }

    private record Bridge(String name, IpAddress address) {}

    @Override
    public void close() {
        clientProxies.ifPresent(ToxiproxyServer::close);
        try {
            FileTree.delete(work);
        } catch (IOException e) {
            throw new UncheckedIOException("the working directory " + work + " cannot be removed", e);
        }
    }

    /** Runs a shell script; its text holds only names that this package made. */
    static CommandOutput run(String script) {
        CommandOutput output = CommandOutput.of(Path.of("/"), SCRIPT_TIMEOUT, List.of("sh", "-c", script));
        if (output.exitCode() != 0) {
            throw new ClusterException("a step of the sandbox failed with exit code " + output.exitCode() + ": "
                    + output.lastLines(5) + "\nthe step was: " + script);
        }
        return output;
    }
}
