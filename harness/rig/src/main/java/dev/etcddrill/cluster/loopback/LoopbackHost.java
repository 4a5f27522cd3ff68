package dev.etcddrill.cluster.loopback;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.client.MemberEndpoint;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.MemberHost;
import dev.etcddrill.cluster.MemberProcess;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.deployment.DeploymentDirectory;
import dev.etcddrill.deployment.DeploymentFile;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.distribution.FileTree;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One member's files below a directory, and its process at a loopback address. The deployment's files are changed by
 * replacing whole paths, and by leaving out one listener; nothing else.
 */
final class LoopbackHost implements MemberHost {
    private static final String PROGRAMS = "/usr/local/bin";
    private static final String CONFIGURATION = "/etc/etcd";
    /** Variables by which a run's processes are found: the guard's, and whatever the run itself was started with. */
    private static final String MARKS = "DRILL_";

    private static final String SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Each member listens here, too, for its own host; on one machine only one of them could. */
    private static final String LOCAL_LISTENER = ",https://127.0.0.1:2379";

    private final MemberRecipe member;
    private final Path root;
    private final String mark;
    private final Pattern paths;
    private final Runnable removed;

    private LoopbackHost(ClusterRecipe recipe, MemberRecipe member, Path root, String mark, Runnable removed) {
        this.member = member;
        this.root = root;
        this.mark = mark;
        this.removed = removed;
        this.paths = Pattern.compile(List.of(
                        PROGRAMS,
                        CONFIGURATION,
                        recipe.etcd().dataDirectory(),
                        recipe.etcd().walDirectory(),
                        recipe.backup().directory())
                .stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                // A whole path: not the end of a longer one, nor the beginning of a longer name.
                .collect(Collectors.joining("|", "(?<![\\w./-])(?:", ")(?![\\w.-])")));
    }

    static LoopbackHost create(
            ClusterRecipe recipe,
            MemberRecipe member,
            Deployment deployment,
            Distribution distribution,
            Path root,
            String mark,
            Runnable removed) {
        LoopbackHost host = new LoopbackHost(recipe, member, root, mark, removed);
        try {
            host.install(deployment, distribution);
        } catch (IOException e) {
            throw new ClusterException(
                    "the files of member " + member.name() + " cannot be laid out: " + e.getMessage(), e);
        }
        return host;
    }

    private void install(Deployment deployment, Distribution distribution) throws IOException {
        for (DeploymentDirectory directory : deployment.directories()) {
            if (directory.host().equals(member.name())) {
                Files.createDirectories(file(directory.path()));
                Files.setPosixFilePermissions(file(directory.path()), directory.permissions());
            }
        }
        for (DeploymentFile rendered : deployment.files()) {
            if (rendered.host().equals(member.name())) {
                Path target = file(rendered.path());
                Files.createDirectories(target.getParent());
                Files.write(target, moved(rendered));
                Files.setPosixFilePermissions(target, rendered.permissions());
            }
        }
        Files.createDirectories(file("/root"));
        Files.createDirectories(file(PROGRAMS));
        for (Path program : List.of(distribution.etcd(), distribution.etcdctl(), distribution.etcdutl())) {
            Files.createSymbolicLink(
                    file(PROGRAMS).resolve(program.getFileName().toString()), program.toAbsolutePath());
        }
    }

    private byte[] moved(DeploymentFile rendered) {
        byte[] content = rendered.content().toByteArray();
        boolean program = rendered.path().startsWith(PROGRAMS + "/");
        if (!program && !rendered.path().startsWith(CONFIGURATION + "/etcd")) {
            return content;
        }
        String text = new String(content, StandardCharsets.UTF_8);
        if (!program) {
            text = text.replace(LOCAL_LISTENER, "");
        }
        return moved(text).getBytes(StandardCharsets.UTF_8);
    }

    private String moved(String text) {
        return paths.matcher(text).replaceAll(path -> Matcher.quoteReplacement(root + path.group()));
    }

    @Override
    public String member() {
        return member.name();
    }

    @Override
    public MemberEndpoint clientEndpoint() {
        String address = member.address().toString();
        return new MemberEndpoint(address, MemberClient.CLIENT_PORT, address);
    }

    @Override
    public MemberProcess startEtcd(Path log) throws IOException {
        // A session of its own: an interrupt from the terminal is for the drill, which then ends the members itself.
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid",
                        file(PROGRAMS + "/etcd").toString(),
                        "--config-file=" + file(CONFIGURATION + "/etcd.conf.yml"))
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> !name.startsWith(MARKS));
        builder.environment().put("PATH", searchPath());
        String[] nameAndValue = mark.split("=", 2);
        builder.environment().put(nameAndValue[0], nameAndValue[1]);
        return MemberProcess.of(builder.start());
    }

    private String searchPath() {
        return file(PROGRAMS) + ":" + SEARCH_PATH;
    }

    @Override
    public CommandOutput run(Duration timeout, List<String> command) {
        List<String> full =
                new ArrayList<>(List.of("env", "-i", mark, "PATH=" + searchPath(), "HOME=" + file("/root")));
        command.forEach(word -> full.add(moved(word)));
        return CommandOutput.of(Path.of("/"), timeout, full);
    }

    /** Where a file of the host lies. */
    private Path file(String absolutePath) {
        if (!absolutePath.startsWith("/")) {
            throw new IllegalArgumentException("expected an absolute path, but got " + absolutePath);
        }
        return root.resolve(absolutePath.substring(1));
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
    public HostNetwork network() {
        throw new UnsupportedOperationException("members on loopback have no network of their own that can be hurt");
    }

    @Override
    public void writeOutDisk() {
        throw noDisk();
    }

    @Override
    public void loseUnsyncedData() {
        throw noDisk();
    }

    private static UnsupportedOperationException noDisk() {
        return new UnsupportedOperationException("members on loopback have no disk of their own that can lose data");
    }

    @Override
    public void close() {
        try {
            FileTree.delete(root);
            removed.run();
        } catch (IOException e) {
            throw new UncheckedIOException("the files of member " + member.name() + " cannot be removed", e);
        }
    }
}
