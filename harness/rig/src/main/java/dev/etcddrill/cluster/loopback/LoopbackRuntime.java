package dev.etcddrill.cluster.loopback;

import static java.util.stream.Collectors.joining;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.cluster.MemberHost;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.distribution.FileTree;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.IpAddress;
import dev.etcddrill.recipe.MemberRecipe;
import dev.etcddrill.recipe.Subnet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Members as plain processes on 127.x.y.z. Each recipe gets a subnet of 256 such addresses for the run: a socket that is
 * bound to the subnet's first one keeps other runs away, and the kernel lets it go however this JVM ends.
 */
public final class LoopbackRuntime implements ClusterRuntime {
    private static final String MARK = "DRILL_LOOPBACK_RUN";
    private static final List<Integer> PORTS = List.of(2379, 2380, 2381);

    /** Bound on the subnet's first address. */
    private static final int RESERVATION_PORT = 2378;

    private static final int FIRST_MEMBER = 10;

    private final Path work;
    private final String mark;
    private final Process guard;
    private final List<ServerSocket> reservations = new ArrayList<>();
    private final List<String> moves = new ArrayList<>();

    /** Which member holds which address, from the making of its host until nothing of it is left. */
    private final Map<IpAddress, String> addresses = new ConcurrentHashMap<>();

    private LoopbackRuntime(Path work, String mark, Process guard) {
        this.work = work;
        this.mark = mark;
        this.guard = guard;
    }

    /**
     * Prepares a run.
     *
     * @param work directory that members' files go to; made here, removed by {@link #close()}
     * @throws ClusterException where the guard cannot be started
     */
    public static LoopbackRuntime enter(Path work) {
        String mark = MARK + "=" + UUID.randomUUID();
        try (InputStream script = LoopbackRuntime.class.getResourceAsStream("guard.sh")) {
            Files.createDirectories(work);
            // A session of its own: what is sent to this JVM's group must not end it.
            Process guard = new ProcessBuilder(
                            "setsid", "sh", "-c", new String(script.readAllBytes(), StandardCharsets.UTF_8), mark)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new LoopbackRuntime(work.toAbsolutePath(), mark, guard);
        } catch (IOException e) {
            throw new ClusterException("the guard of a run on loopback cannot be started: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return Loopback.NAME;
    }

    static Optional<String> obstacleOf(Capability capability) {
        return switch (capability) {
            case POWER_LOSS -> Optional.of("needs disks that lose what was not synced: a sandbox, as root");
            case OWN_HOSTS ->
                Optional.of("runs the deployment's scripts as root at the deployment's own paths: needs a sandbox, or"
                        + " Docker");
            case PARTITIONS, LINK_FAULTS ->
                Optional.of("hurts links, and on loopback members have none of their own: needs a sandbox, or Docker");
        };
    }

    @Override
    public Optional<String> obstacle(Capability capability) {
        return obstacleOf(capability);
    }

    /** Whether there is room for a recipe at all; leaves nothing. */
    static boolean anyPlace() {
        Optional<ServerSocket> reservation = firstFree(0);
        reservation.ifPresent(LoopbackRuntime::release);
        return reservation.isPresent();
    }

    private static Optional<ServerSocket> firstFree(int start) {
        for (int tried = 0; tried < 64 * 256; tried++) {
            int place = (start + tried) % (64 * 256);
            Optional<ServerSocket> socket = bind(prefix(place) + "1", RESERVATION_PORT);
            if (socket.isPresent()) {
                return socket;
            }
        }
        return Optional.empty();
    }

    private static String prefix(int place) {
        return "127." + (64 + place / 256) + "." + place % 256 + ".";
    }

    private static Optional<ServerSocket> bind(String address, int port) {
        try {
            ServerSocket socket = new ServerSocket();
            try {
                // After a member was killed its connections linger in TIME_WAIT; etcd binds all the same.
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
                return Optional.of(socket);
            } catch (IOException e) {
                socket.close();
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a reserved address cannot be let go", e);
        }
    }

    @Override
    public synchronized ClusterRecipe place(ClusterRecipe recipe) {
        ServerSocket reservation = firstFree(Math.floorMod(recipe.name().hashCode(), 64 * 256))
                .orElseThrow(() -> new ClusterException("no addresses are free for " + recipe.name()
                        + ": all of 127.64.0.0/10 are held by other runs"));
        reservations.add(reservation);
        String first = reservation.getInetAddress().getHostAddress();
        String prefix = first.substring(0, first.lastIndexOf('.') + 1);
        Map<String, IpAddress> moved = new LinkedHashMap<>();
        for (MemberRecipe member : recipe.members()) {
            IpAddress address = IpAddress.parse(prefix + (FIRST_MEMBER + moved.size()));
            moved.put(member.name(), address);
            for (int port : PORTS) {
                ServerSocket socket = bind(address.toString(), port)
                        .orElseThrow(() -> new ClusterException("the address " + address + ":" + port + " for "
                                + member.name() + " is taken, or something"
                                + " listens on all addresses at port " + port
                                + ", such as an etcd of this machine's own;"
                                + " end it, or use another machine"));
                release(socket);
            }
        }
        moves.add(recipe.name() + ": "
                + recipe.members().stream()
                        .map(member -> member.address() + " became " + moved.get(member.name()))
                        .collect(joining(", ")));
        return recipe.movedTo(Subnet.parse(prefix + "0/24"), moved);
    }

    @Override
    public List<String> notProven() {
        List<String> lines = new ArrayList<>();
        lines.add("Addresses: members ran on loopback, with certificates for it. " + String.join("; ", moves) + ".");
        lines.add(
                "Files: their paths were moved below a directory of the run, in etcd.conf.yml and in the scripts, and the"
                        + " listener on 127.0.0.1:2379 was left out, which only one of the members could have had.");
        lines.add("Users: everything ran as one user, so owners of files were not tried.");
        lines.add(
                "systemd: members were started as the unit starts them, but not by it, and without its restart delay.");
        lines.add(
                "Disks and network: members shared this machine's disk, memory and network, and links had no latency but what faults added.");
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
        if (!member.address().toString().startsWith("127.")) {
            throw new ClusterException("member " + member.name() + " has the address " + member.address()
                    + ", but a run on loopback starts members on 127.0.0.0/8 only");
        }
        String name = member.name() + " of " + incarnation;
        String holder = addresses.putIfAbsent(member.address(), name);
        if (holder != null) {
            throw new ClusterException("the address " + member.address() + " of " + name + " is still held by " + holder
                    + ", which could not be removed");
        }
        try {
            return LoopbackHost.create(
                    recipe,
                    member,
                    deployment,
                    distribution,
                    work.resolve(incarnation).resolve(member.name()),
                    mark,
                    () -> addresses.remove(member.address()));
        } catch (RuntimeException e) {
            addresses.remove(member.address());
            throw e;
        }
    }

    @Override
    public void close() {
        // The end of its input lets the guard look once more for what is left.
        try {
            guard.getOutputStream().close();
        } catch (IOException e) {
            // It is gone already.
        }
        reservations.forEach(LoopbackRuntime::release);
        try {
            FileTree.delete(work);
        } catch (IOException e) {
            throw new UncheckedIOException("the working directory " + work + " cannot be removed", e);
        }
    }
}
