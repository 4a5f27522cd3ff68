package dev.etcddrill.deployment;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A deployment's tree on disk: writing, reading, laying over. Owners are recorded in the manifest, not set here. */
final class DeploymentTree {

    static final String MANIFEST = "manifest.json";

    /** As {@code sha256sum -c} reads it, for whoever has no JSON at hand. */
    private static final String CHECKSUMS = "SHA256SUMS";

    private static final String RUNBOOK = "RUNBOOK.md";
    private static final int CONTEXT_LINES = 3;
    private static final long LARGEST_COMPARED = 4 << 20;

    /** Wherever somebody may have put one. */
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    private static final int SECRET_MODE = 0600;
    private static final int PUBLIC_MODE = 0644;
    private static final int PRIVATE_DIRECTORY_MODE = 0700;
    private static final int PUBLIC_DIRECTORY_MODE = 0755;
    // The owner of the tree has to be able to read and replace its files, whatever they are on their hosts.
    private static final int OWNER_READ_WRITE = 0600;

    private DeploymentTree() {}

    /** Whether a file of the tree says nothing but what the others are. */
    static boolean derived(String place) {
        return place.equals(MANIFEST) || place.equals(CHECKSUMS);
    }

    /** Returns what was changed: a tree that is just this is left as it is. */
    static List<DeploymentDifference> write(Deployment deployment, Path directory) throws IOException {
        Path target = directory.toAbsolutePath().normalize();
        List<DeploymentDifference> differences = differences(deployment, target);
        if (differences.isEmpty()) {
            return differences;
        }
        if (target.getParent() == null) {
            throw new IOException("expected a directory below the root, found " + target + "; name another");
        }
        Files.createDirectories(target.getParent());
        // Beside the target, so that the last step is a rename; private (0700) while it is made.
        Path fresh = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + ".new-");
        try {
            fill(deployment, fresh);
            keepTimes(target, fresh);
            replace(target, fresh);
        } finally {
            deleteTree(fresh);
        }
        return differences;
    }

    /** What a tree would have to change to be this; every file where there is no tree. */
    static List<DeploymentDifference> differences(Deployment deployment, Path root) throws IOException {
        requireReplaceable(root.toAbsolutePath().normalize(), deployment.cluster());
        List<DeploymentDifference> differences = new ArrayList<>();
        Map<String, TreeFile> wanted = treeFiles(deployment);
        for (Map.Entry<String, TreeFile> entry : wanted.entrySet()) {
            difference(entry.getKey(), entry.getValue(), place(root, entry.getKey()))
                    .ifPresent(differences::add);
        }
        if (Files.isDirectory(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                walk.filter(file -> !Files.isDirectory(file))
                        .map(file -> root.relativize(file).toString())
                        .filter(place -> !wanted.containsKey(place))
                        .sorted()
                        .forEach(place -> differences.add(
                                new DeploymentDifference(place, DeploymentDifference.Kind.GONE, List.of())));
            }
        }
        return differences;
    }

    private static Optional<DeploymentDifference> difference(String place, TreeFile wanted, Path found)
            throws IOException {
        if (!Files.isRegularFile(found)) {
            return Optional.of(new DeploymentDifference(place, DeploymentDifference.Kind.NEW, List.of()));
        }
        // Whatever is larger is another file, and nobody reads its differences.
        if (Files.size(found) > LARGEST_COMPARED) {
            return Optional.of(new DeploymentDifference(place, DeploymentDifference.Kind.CHANGED, List.of()));
        }
        FileContent content = readContent(found);
        if (!content.equals(wanted.content())) {
            return Optional.of(new DeploymentDifference(
                    place,
                    DeploymentDifference.Kind.CHANGED,
                    wanted.secret() || place.endsWith(".crt") || content.text().contains(PRIVATE_KEY)
                            ? List.of()
                            : unified(place, content, wanted.content())));
        }
        return Files.getPosixFilePermissions(found).equals(permissions(wanted.mode()))
                ? Optional.empty()
                : Optional.of(new DeploymentDifference(place, DeploymentDifference.Kind.MODE, List.of()));
    }

    private static List<String> unified(String place, FileContent before, FileContent after) {
        List<String> lines = before.text().lines().toList();
        return UnifiedDiffUtils.generateUnifiedDiff(
                place, place, lines, DiffUtils.diff(lines, after.text().lines().toList()), CONTEXT_LINES);
    }

    /** For copies by time: a file that stays the same stays as old as it is. */
    private static void keepTimes(Path old, Path fresh) throws IOException {
        if (!Files.isDirectory(old)) {
            return;
        }
        List<Path> places;
        try (Stream<Path> walk = Files.walk(fresh)) {
            places = walk.filter(Files::isRegularFile).toList();
        }
        for (Path place : places) {
            Path before = old.resolve(fresh.relativize(place));
            if (Files.isRegularFile(before) && Files.mismatch(before, place) < 0) {
                Files.setLastModifiedTime(place, Files.getLastModifiedTime(before));
            }
        }
    }

    static Deployment read(Path directory) throws IOException {
        Manifest manifest = Manifest.parse(readContent(directory.resolve(MANIFEST)));
        List<DeploymentFile> files = new ArrayList<>();
        for (Manifest.Entry entry : manifest.files()) {
            Path place = place(directory, entry.host() + entry.path());
            FileContent content = readContent(place);
            requireUnaltered(place, content, entry.sha256());
            files.add(entry.withContent(content));
        }
        FileContent runbook = readContent(directory.resolve(RUNBOOK));
        requireUnaltered(directory.resolve(RUNBOOK), runbook, manifest.runbookSha256());
        return new Deployment(manifest.cluster(), manifest.directories(), files, runbook);
    }

    static Deployment overlay(Deployment deployment, Path overlay) throws IOException {
        if (!Files.isDirectory(overlay)) {
            throw new NoSuchFileException(
                    overlay.toString(), null, "expected an overlay directory, found none; check the path");
        }
        List<Path> places;
        try (Stream<Path> walk = Files.walk(overlay, FileVisitOption.FOLLOW_LINKS)) {
            places = walk.filter(Files::isRegularFile).sorted().toList();
        }
        Deployment changed = deployment;
        for (Path place : places) {
            Path relative = overlay.relativize(place);
            String host = relative.getName(0).toString();
            if (relative.getNameCount() < 2 || !deployment.hosts().contains(host)) {
                throw new IllegalArgumentException("expected files under one of the hosts " + deployment.hosts()
                        + ", found " + place + "; move it to <host>/<absolute path>");
            }
            String path = "/" + relative.subpath(1, relative.getNameCount());
            FileContent content = readContent(place);
            int mode = mode(Files.getPosixFilePermissions(place));
            changed = changed.withFile(changed.file(host, path)
                    .map(file -> file.withContent(content))
                    .orElseGet(() -> new DeploymentFile(host, path, content, mode, "root", "root", false)));
        }
        return changed;
    }

    private static void requireReplaceable(Path target, String cluster) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        boolean empty = false;
        if (Files.isDirectory(target)) {
            try (Stream<Path> entries = Files.list(target)) {
                empty = entries.findAny().isEmpty();
            }
            if (!empty && Files.isRegularFile(target.resolve(MANIFEST))) {
                String found =
                        Manifest.parse(readContent(target.resolve(MANIFEST))).cluster();
                if (!found.equals(cluster)) {
                    throw new OtherClusterException(target.toString(), found, cluster);
                }
                return;
            }
        }
        if (!empty) {
            throw new OccupiedDirectoryException(target.toString());
        }
    }

    private static void fill(Deployment deployment, Path root) throws IOException {
        boolean holdsSecrets = false;
        for (Map.Entry<String, TreeFile> entry : treeFiles(deployment).entrySet()) {
            Path place = place(root, entry.getKey());
            Files.createDirectories(place.getParent());
            writeContent(place, entry.getValue().content(), entry.getValue().mode());
            holdsSecrets |= entry.getValue().secret();
        }
        Files.setPosixFilePermissions(root, permissions(holdsSecrets ? PRIVATE_DIRECTORY_MODE : PUBLIC_DIRECTORY_MODE));
    }

    private static void replace(Path target, Path fresh) throws IOException {
        if (!Files.exists(target)) {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Path old = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + ".old-");
        Path aside = old.resolve("deployment");
        Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            deleteTree(old);
            throw failed;
        }
        // Only now: until the new tree is in place the old one is the only copy of its keys.
        deleteTree(old);
    }

    /**
     * A file as it lies in the tree.
     *
     * @param mode in the tree, where whoever made it must be able to read and replace it
     */
    private record TreeFile(FileContent content, int mode, boolean secret) {}

    /** By the place in the tree. */
    private static Map<String, TreeFile> treeFiles(Deployment deployment) {
        Map<String, TreeFile> files = new LinkedHashMap<>();
        for (DeploymentFile file : deployment.files()) {
            files.put(
                    file.host() + file.path(),
                    new TreeFile(
                            file.content(),
                            file.secret() ? SECRET_MODE : file.mode() | OWNER_READ_WRITE,
                            file.secret()));
        }
        files.put(RUNBOOK, new TreeFile(deployment.runbook(), PUBLIC_MODE, false));
        files.put(MANIFEST, new TreeFile(Manifest.of(deployment).toJson(), PUBLIC_MODE, false));
        StringBuilder sums = new StringBuilder();
        Map<String, TreeFile> summed = new TreeMap<>(files);
        // It may be taken away.
        summed.remove(CertificateRenderer.AUTHORITY_KEY);
        summed.forEach((place, file) ->
                sums.append(file.content().sha256()).append("  ").append(place).append('\n'));
        files.put(CHECKSUMS, new TreeFile(FileContent.ofText(sums.toString()), PUBLIC_MODE, false));
        return files;
    }

    /** A place in a tree, given as in {@link DeploymentDifference#place()}. */
    static Path place(Path root, String place) {
        return root.resolve(place);
    }

    /** Creates the file with a mode that nobody else can read by, writes it, then gives it its own mode. */
    private static void writeContent(Path place, FileContent content, int mode) throws IOException {
        try (OutputStream output = Channels.newOutputStream(Files.newByteChannel(
                place,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(permissions(SECRET_MODE))))) {
            output.write(content.toByteArray());
        }
        if (mode != SECRET_MODE) {
            Files.setPosixFilePermissions(place, permissions(mode));
        }
    }

    private static FileContent readContent(Path place) throws IOException {
        return FileContent.of(Files.readAllBytes(place));
    }

    private static void requireUnaltered(Path place, FileContent content, String sha256) throws IOException {
        if (!content.sha256().equals(sha256)) {
            throw new IOException("expected " + place + " with SHA-256 " + sha256 + " as the manifest says, found "
                    + content.sha256() + "; render the recipe again or put the file back");
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> places;
        try (Stream<Path> walk = Files.walk(root)) {
            places = new ArrayList<>(walk.toList());
        }
        for (int index = places.size() - 1; index >= 0; index--) {
            Files.deleteIfExists(places.get(index));
        }
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] byBit = PosixFilePermission.values();
        // Declared from OWNER_READ to OTHERS_EXECUTE: the order of the nine bits.
        for (int bit = 0; bit < byBit.length; bit++) {
            if ((mode & (1 << (byBit.length - 1 - bit))) != 0) {
                permissions.add(byBit[bit]);
            }
        }
        return permissions;
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        PosixFilePermission[] byBit = PosixFilePermission.values();
        for (int bit = 0; bit < byBit.length; bit++) {
            if (permissions.contains(byBit[bit])) {
                mode |= 1 << (byBit.length - 1 - bit);
            }
        }
        return mode;
    }
}
