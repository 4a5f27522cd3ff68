package dev.etcddrill.deployment;

import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every file of a cluster, host by host. On disk it is a tree {@code <directory>/<host>/<absolute path>} with {@code
 * manifest.json} (mode, owner, secrecy and SHA-256 of each file) and {@code RUNBOOK.md} on top.
 *
 * @param cluster the recipe's name
 * @param directories directories that hosts need, parents before children
 * @param files files, each place once
 * @param runbook what people do with them, in Markdown
 */
public record Deployment(
        String cluster, List<DeploymentDirectory> directories, List<DeploymentFile> files, FileContent runbook) {

    /** Host name that stands for the first control plane host of Kubernetes. */
    public static final String CONTROL_PLANE = "control-plane";
    /** Host name that stands for the place where the authority's key is kept: no host of the cluster. */
    public static final String CERTIFICATE_AUTHORITY = "certificate-authority";

    /** Takes copies and checks that no place is used twice. */
    public Deployment {
        directories = List.copyOf(directories);
        files = List.copyOf(files);
        Set<String> places = new HashSet<>();
        for (DeploymentFile file : files) {
            if (!places.add(file.host() + file.path())) {
                throw new IllegalArgumentException(
                        "expected one file at " + file.path() + " on " + file.host() + ", found two; keep one of them");
            }
        }
    }

    /**
     * Renders all files of a recipe.
     *
     * @param recipe what to render
     * @param infrastructure certificates that were issued for this recipe
     * @throws IllegalArgumentException when a member has no certificates in it
     */
    public static Deployment render(ClusterRecipe recipe, PublicKeyInfrastructure infrastructure) {
        List<DeploymentDirectory> directories = new ArrayList<>();
        List<DeploymentFile> files = new ArrayList<>();
        for (MemberRecipe member : recipe.members()) {
            directories.addAll(DirectoryRenderer.renderMember(recipe, member));
            files.add(EtcdConfigurationRenderer.render(recipe, member));
            files.add(EtcdctlEnvironmentRenderer.render(recipe, member));
            files.addAll(CertificateRenderer.renderMember(member, infrastructure));
            files.add(SystemdUnitRenderer.render(recipe, member));
            files.add(BackupScriptRenderer.render(recipe, member));
            files.add(RestoreScriptRenderer.render(recipe, member));
            files.add(BootstrapScriptRenderer.render(recipe, member));
            files.add(DataGuardScriptRenderer.render(recipe, member));
            files.add(ReplaceMemberScriptRenderer.render(recipe, member));
        }
        directories.addAll(DirectoryRenderer.renderControlPlane());
        files.add(KubeadmConfigurationRenderer.render(recipe));
        files.addAll(CertificateRenderer.renderControlPlane(infrastructure));
        files.addAll(CertificateRenderer.renderAuthority(infrastructure));
        return new Deployment(recipe.name(), directories, files, RunbookRenderer.render(recipe));
    }

    /**
     * Reads a tree that {@link #writeTo} wrote.
     *
     * @throws IOException when the manifest or a file is missing, unreadable or altered since
     */
    public static Deployment readFrom(Path directory) throws IOException {
        return DeploymentTree.read(directory);
    }

    /**
     * Writes the tree, private keys with mode 0600 from the moment they exist. It is made beside the directory and moved
     * into place as a whole. A directory that holds an earlier deployment of the same cluster is replaced as a whole; one that
     * holds just this is left untouched.
     *
     * @return what was changed, as {@link #differencesFrom} tells it before; empty where nothing was written
     * @throws OccupiedDirectoryException when the directory holds something else; nothing is changed then
     * @throws OtherClusterException when it holds another cluster's; nothing is changed then
     * @throws IOException when it cannot be written
     */
    public List<DeploymentDifference> writeTo(Path directory) throws IOException {
        return DeploymentTree.write(this, directory);
    }

    /**
     * What {@link #writeTo} would change in a directory, place by place; everything is new where it is not there.
     *
     * @throws OccupiedDirectoryException when the directory holds something else
     * @throws OtherClusterException when it holds another cluster's
     * @throws IOException when the directory cannot be read
     */
    public List<DeploymentDifference> differencesFrom(Path directory) throws IOException {
        return DeploymentTree.differences(this, directory);
    }

    /** The same deployment without private keys, for storing beside a run. */
    public Deployment withoutSecrets() {
        return new Deployment(
                cluster,
                directories,
                files.stream().filter(file -> !file.secret()).toList(),
                runbook);
    }

    /**
     * The same deployment with a file replaced, or added where there was none.
     *
     * @param replacement the file; its place decides what it replaces
     */
    public Deployment withFile(DeploymentFile replacement) {
        List<DeploymentFile> changed = new ArrayList<>();
        boolean replaced = false;
        for (DeploymentFile file : files) {
            boolean same = isAt(file, replacement.host(), replacement.path());
            replaced |= same;
            changed.add(same ? replacement : file);
        }
        if (!replaced) {
            changed.add(replacement);
        }
        return new Deployment(cluster, directories, changed, runbook);
    }

    /**
     * The same deployment with the files of a directory tree {@code <host>/<absolute path>} laid over it. A file that is
     * there keeps mode and owner; a new one gets the mode it has on disk and belongs to root.
     *
     * @throws IllegalArgumentException when the overlay names a host that this deployment does not have
     * @throws IOException when the overlay cannot be read
     */
    public Deployment withOverlay(Path overlayDirectory) throws IOException {
        return DeploymentTree.overlay(this, overlayDirectory);
    }

    /** The file at a place, if there is one. */
    public Optional<DeploymentFile> file(String host, String path) {
        return files.stream().filter(file -> isAt(file, host, path)).findFirst();
    }

    /**
     * The file at a place.
     *
     * @throws IllegalArgumentException when there is none
     */
    public DeploymentFile requireFile(String host, String path) {
        return file(host, path)
                .orElseThrow(() -> new IllegalArgumentException("expected the file " + path + " on " + host
                        + ", found none; hosts are " + hosts() + ": check host and path"));
    }

    /** All host names, in the order of the deployment. */
    public Set<String> hosts() {
        Set<String> hosts = new LinkedHashSet<>();
        files.forEach(file -> hosts.add(file.host()));
        directories.forEach(directory -> hosts.add(directory.host()));
        return hosts;
    }

    private static boolean isAt(DeploymentFile file, String host, String path) {
        return file.host().equals(host) && file.path().equals(path);
    }
}
