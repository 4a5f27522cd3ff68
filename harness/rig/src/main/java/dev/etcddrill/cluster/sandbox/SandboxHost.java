package dev.etcddrill.cluster.sandbox;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.client.MemberEndpoint;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.LinkProxies;
import dev.etcddrill.cluster.MemberHost;
import dev.etcddrill.cluster.MemberProcess;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.deployment.DeploymentDirectory;
import dev.etcddrill.deployment.DeploymentFile;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.distribution.FileTree;
import dev.etcddrill.recipe.MemberRecipe;
import dev.etcddrill.recipe.Subnet;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One member's machine inside the sandbox: a network namespace on the bridge, and a root directory that holds the
 * deployment's files at their own paths, with the host's programs and libraries mounted read-only beside them. What is
 * written lies in a directory on a real disk; nothing is ever mounted inside that directory's own path, so that removing
 * it cannot reach the host's files.
 */
final class SandboxHost implements MemberHost {
    /** User and group of the service inside; any number that is no login user's will do. */
    private static final int SERVICE_ID = 2379;

    private static final Duration MOUNT_TIMEOUT = Duration.ofSeconds(60);
    private static final String SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Where the disk that can lose power is mounted; the member's data directories are bound from there. */
    private static final String DISK = ".disk";

    private final SandboxRuntime runtime;
    private final Place place;
    private int disks;
    private Optional<LinkNamespace> link = Optional.empty();
    private Optional<SandboxNetwork> network = Optional.empty();

    private SandboxHost(SandboxRuntime runtime, Place place) {
        this.runtime = runtime;
        this.place = place;
    }

    /** Makes a host; tells the runtime when nothing of it is left. */
    static SandboxHost create(SandboxRuntime runtime, Place place) {
        SandboxHost host = new SandboxHost(runtime, place);
        try {
            Files.createDirectories(place.content());
            SandboxRuntime.run(host.mountScript());
            if (place.capabilities().contains(Capability.POWER_LOSS)) {
                SandboxRuntime.run(host.newDiskScript());
            }
            host.install();
            host.plugIn();
        } catch (IOException | RuntimeException e) {
            host.removeHalfMade();
            throw new ClusterException(
                    "the files of member " + place.member().name() + " cannot be laid out: " + e.getMessage(), e);
        }
        return host;
    }

    @Override
    public String member() {
        return place.member().name();
    }

    private String mountScript() {
        String root = SandboxLauncher.quote(place.root().toString());
        StringBuilder script = new StringBuilder("set -e\n");
        script.append("mkdir -p ").append(root).append('\n');
        script.append("mount --bind ")
                .append(SandboxLauncher.quote(place.content().toString()))
                .append(' ')
                .append(root)
                .append('\n');
        // As an ordinary user the host's files are safe by their owner, and the mount's flags are locked.
        String protect = place.mode() == SandboxLauncher.Mode.ROOT ? "mount -o remount,bind,ro \"$2\"" : ":";
        script.append("share() { mkdir -p \"$2\"; mount --rbind \"$1\" \"$2\"; ")
                .append(protect)
                .append("; }\n");
        script.append("cd ").append(root).append('\n');
        script.append("mkdir -p usr/local/bin etc var/lib dev proc tmp run root\n");
        script.append("for d in bin sbin lib lib32 lib64 libx32 libexec share; do\n")
                .append("  if [ -d /usr/$d ] && [ ! -L /usr/$d ]; then share /usr/$d usr/$d; fi\n")
                .append("done\n");
        script.append("for d in bin sbin lib lib32 lib64 libx32; do\n")
                .append("  if [ -L /$d ]; then ln -s \"$(readlink /$d)\" $d;")
                .append(" elif [ -d /$d ]; then share /$d $d; fi\n")
                .append("done\n");
        script.append("mount --rbind /dev dev; mount --rbind /proc proc\n");
        script.append("if [ -d /etc/alternatives ]; then share /etc/alternatives etc/alternatives; fi\n");
        Distribution distribution = place.distribution();
        for (Path program : List.of(distribution.etcd(), distribution.etcdctl(), distribution.etcdutl())) {
            String target = "usr/local/bin/" + program.getFileName();
            script.append(": > ").append(target).append("; mount --bind ");
            script.append(SandboxLauncher.quote(program.toString()))
                    .append(' ')
                    .append(target)
                    .append('\n');
        }
        return script.toString();
    }

    private void plugIn() {
        String address = place.member().address().toString();
        Map<String, String> peers = new LinkedHashMap<>(place.senders());
        peers.remove(HostNetwork.CLIENTS);
        if (place.capabilities().contains(Capability.LINK_FAULTS)) {
            link = Optional.of(LinkNamespace.plug(
                    place.number(),
                    namespace(),
                    place.bridge(),
                    member(),
                    address,
                    place.subnet(),
                    peers,
                    runtime.toxiproxy(),
                    place.content().resolveSibling(member() + "-toxiproxy.log"),
                    runtime.clientProxies(),
                    place.incarnation() + "-" + member()));
        } else {
            SandboxRuntime.run(networkScript());
        }
        if (place.capabilities().contains(Capability.PARTITIONS) || link.isPresent()) {
            network = Optional.of(new SandboxNetwork(
                    member(),
                    namespace(),
                    address,
                    place.senders(),
                    neighbour -> runtime.namespaceOf(place.incarnation(), neighbour),
                    link.map(LinkProxies.class::cast)));
        }
    }

    private String networkScript() {
        String namespace = namespace();
        return "set -e\nip netns add " + namespace
                + "\nip link add " + namespace() + " type veth peer name eth0 netns " + namespace
                + "\nip link set " + namespace() + " master " + place.bridge() + " up"
                + "\nip -n " + namespace + " addr add " + place.member().address() + "/"
                + place.subnet().prefixLength()
                + " dev eth0"
                + "\nip -n " + namespace + " link set eth0 up"
                + "\nip -n " + namespace + " link set lo up\n";
    }

    private String namespace() {
        return place.namespace();
    }

    private void install() throws IOException {
        boolean root = place.mode() == SandboxLauncher.Mode.ROOT;
        // Ordinary users have one user inside, so owners and groups cannot be told apart there.
        int service = root ? SERVICE_ID : 0;
        Files.writeString(
                file("/etc/passwd"),
                "root:x:0:0:root:/root:/bin/sh\netcd:x:" + service + ":" + service
                        + "::/nonexistent:/usr/sbin/nologin\n");
        Files.writeString(file("/etc/group"), "root:x:0:\netcd:x:" + service + ":\n");
        for (DeploymentDirectory directory : place.deployment().directories()) {
            if (directory.host().equals(member())) {
                Path target = file(directory.path());
                Files.createDirectories(target);
                own(target, directory.owner(), directory.group(), service);
                Files.setPosixFilePermissions(target, directory.permissions());
            }
        }
        for (DeploymentFile rendered : place.deployment().files()) {
            if (rendered.host().equals(member())) {
                Path target = file(rendered.path());
                Files.createDirectories(target.getParent());
                Files.write(target, rendered.content().toByteArray());
                own(target, rendered.owner(), rendered.group(), service);
                Files.setPosixFilePermissions(target, rendered.permissions());
            }
        }
    }

    private static void own(Path target, String owner, String group, int service) throws IOException {
        Files.setAttribute(target, "unix:uid", id(owner, service));
        Files.setAttribute(target, "unix:gid", id(group, service));
    }

    private static int id(String name, int service) {
        return switch (name) {
            case "root" -> 0;
            case "etcd" -> service;
            default ->
                throw new ClusterException("a deployment's files belong to root or etcd, but one belongs to " + name);
        };
    }

    @Override
    public MemberProcess startEtcd(Path log) throws IOException {
        // A session of its own: an interrupt from the terminal is for the drill, which then ends the members itself.
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(enter(true));
        command.addAll(List.of("/usr/local/bin/etcd", "--config-file=/etc/etcd/etcd.conf.yml"));
        // Every step of the command replaces the one before, so the process that is started becomes etcd itself.
        return MemberProcess.of(builder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    @Override
    public CommandOutput run(Duration timeout, List<String> command) {
        List<String> full = new ArrayList<>(List.of("env", "-i", "PATH=" + SEARCH_PATH, "HOME=/root"));
        full.addAll(enter(false));
        full.addAll(command);
        return CommandOutput.of(Path.of("/"), timeout, full);
    }

    private List<String> enter(boolean service) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace(), "chroot"));
        if (service && place.mode() == SandboxLauncher.Mode.ROOT) {
            command.add("--userspec=" + SERVICE_ID + ":" + SERVICE_ID);
            command.add("--groups=");
        }
        command.add(place.root().toString());
        return command;
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(new File("/"));
        // What a unit's process gets from systemd: nothing of the caller's environment.
        builder.environment().clear();
        builder.environment().put("PATH", SEARCH_PATH);
        return builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    }

    @Override
    public boolean hasFile(String path) {
        return Files.exists(file(path));
    }

    @Override
    public byte[] readFile(String path) throws IOException {
        return Files.readAllBytes(file(path));
    }

    @Override
    public void writeFile(String path, byte[] content) throws IOException {
        Path target = file(path);
        Files.createDirectories(target.getParent());
        Files.deleteIfExists(target);
        Files.write(target, content);
    }

    @Override
    public void emptyDirectory(String path) throws IOException {
        FileTree.deleteContent(file(path));
    }

    @Override
    public MemberEndpoint clientEndpoint() {
        String address = place.member().address().toString();
        return link.map(LinkNamespace::clientListen)
                .map(proxy -> new MemberEndpoint(proxy.getHostString(), proxy.getPort(), address))
                .orElseGet(() -> new MemberEndpoint(address, MemberClient.CLIENT_PORT, address));
    }

    @Override
    public HostNetwork network() {
        return network.orElseThrow(() -> new UnsupportedOperationException(
                "member " + member() + " lives on a host that was made without a network that can be hurt"));
    }

    /** Where a file of the host lies for this process. */
    private Path file(String absolutePath) {
        if (!absolutePath.startsWith("/")) {
            throw new IllegalArgumentException("expected an absolute path, but got " + absolutePath);
        }
        return place.root().resolve(absolutePath.substring(1));
    }

    private Path diskImage() {
        return place.content().resolveSibling(member() + ".disk" + disks);
    }

    private String newDiskScript() {
        String image = SandboxLauncher.quote(diskImage().toString());
        return "set -e\ntruncate -s 2G " + image + "\nmkfs.ext4 -q -F " + image + "\n" + mountDiskScript();
    }

    private String mountDiskScript() {
        StringBuilder script =
                new StringBuilder("cd " + SandboxLauncher.quote(place.root().toString()) + "\nmkdir -p " + DISK
                        + "\nmount -o loop " + SandboxLauncher.quote(diskImage().toString()) + " " + DISK + "\n");
        int number = 0;
        for (String directory : place.stateDirectories()) {
            number++;
            String source = DISK + "/" + number;
            script.append("mkdir -p ").append(source).append(' ').append(SandboxLauncher.quote(directory.substring(1)));
            script.append("\nmount --bind ")
                    .append(source)
                    .append(' ')
                    .append(SandboxLauncher.quote(directory.substring(1)));
            script.append('\n');
        }
        return script.toString();
    }

    private String unmountDiskScript() {
        StringBuilder script =
                new StringBuilder("cd " + SandboxLauncher.quote(place.root().toString()) + "\n");
        for (int last = place.stateDirectories().size() - 1; last >= 0; last--) {
            script.append("umount ")
                    .append(SandboxLauncher.quote(
                            place.stateDirectories().get(last).substring(1)))
                    .append('\n');
        }
        return script.append("umount " + DISK + "\n").toString();
    }

    @Override
    public void writeOutDisk() throws IOException {
        requireDiskThatLosesPower();
        SandboxRuntime.run(
                "sync --file-system " + SandboxLauncher.quote(file("/" + DISK).toString()));
    }

    private void requireDiskThatLosesPower() {
        if (!place.capabilities().contains(Capability.POWER_LOSS)) {
            throw new UnsupportedOperationException(
                    "member " + member() + " lies on an ordinary disk, which cannot lose what was not synced");
        }
    }

    @Override
    public void loseUnsyncedData() throws IOException {
        requireDiskThatLosesPower();
        Path before = diskImage();
        disks++;
        Path after = diskImage();
        // First the copy: it holds what had reached the device. Unmounting would write out the rest.
        SandboxRuntime.run("set -e\ncp --sparse=always " + SandboxLauncher.quote(before.toString()) + " "
                + SandboxLauncher.quote(after.toString()) + "\n" + unmountDiskScript() + mountDiskScript());
        Files.delete(before);
    }

    /** Whatever there is of it goes; the trouble that ended its making is the one to tell. */
    private void removeHalfMade() {
        unplugAndUnmount();
        try {
            removeFiles();
        } catch (UncheckedIOException e) {
            // Then its address stays held, and the next cluster says so.
        }
    }

    /** Its exit code is the unmounting's. */
    private CommandOutput unplugAndUnmount() {
        boolean plugged = link.isEmpty();
        link.ifPresent(LinkNamespace::close);
        link = Optional.empty();
        // Its link by name: while a connection still sends to somebody who is cut off, the namespace lives on for
        // minutes, and would go on answering for the address that the next cluster has.
        // And what this JVM's side of the network knows of its hardware address, which no other host will have.
        String unplug = plugged ? "ip link del " + namespace() + "; " : "";
        // Lazily, and from the top: it takes what is mounted below along. One by one an ordinary user may not
        // unmount what came with the host's /dev, /proc or /usr.
        return CommandOutput.of(
                Path.of("/"),
                MOUNT_TIMEOUT,
                "sh",
                "-c",
                unplug + "ip neigh del " + place.member().address() + " dev " + place.bridge()
                        + " 2>/dev/null; ip netns del " + namespace() + "; umount --lazy "
                        + SandboxLauncher.quote(place.root().toString()));
    }

    @Override
    public void close() {
        CommandOutput unmounted = unplugAndUnmount();
        if (unmounted.exitCode() != 0) {
            throw new ClusterException("the mounts of member " + member()
                    + " could not be undone, so its files stay in " + place.content() + ": " + unmounted.lastLines(3));
        }
        removeFiles();
    }

    private void removeFiles() {
        try {
            FileTree.delete(place.content());
            for (int disk = 0; disk <= disks; disk++) {
                Files.deleteIfExists(place.content().resolveSibling(member() + ".disk" + disk));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the files of member " + member() + " cannot be removed", e);
        }
        runtime.removed(place);
    }

    /**
     * Where and from what a host is made.
     *
     * @param incarnation of the cluster that the host belongs to
     * @param number unique in the sandbox
     * @param bridge link that the host is plugged into
     * @param senders address of everybody who sends to the member, by name
     * @param capabilities what faults will need of it
     * @param content directory on a real disk for what is written
     * @param root where the host's root directory is mounted
     * @param stateDirectories absolute paths of the member's data and write-ahead log, outermost first
     */
    record Place(
            MemberRecipe member,
            Subnet subnet,
            String incarnation,
            int number,
            String bridge,
            Map<String, String> senders,
            Set<Capability> capabilities,
            Path content,
            Path root,
            List<String> stateDirectories,
            SandboxLauncher.Mode mode,
            Deployment deployment,
            Distribution distribution) {
        Place {
            senders = Map.copyOf(senders);
            capabilities = Set.copyOf(capabilities);
        }

        /** Name of its network namespace and its link, at most 15 characters. */
        String namespace() {
            return "host" + number;
        }
    }
}
