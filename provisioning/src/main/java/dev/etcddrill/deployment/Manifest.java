package dev.etcddrill.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code manifest.json}: what the files of a tree are on their hosts.
 *
 * @param cluster the recipe's name
 * @param runbookSha256 hash of RUNBOOK.md
 * @param directories directories that hosts need
 * @param files every file of the tree without its content
 */
record Manifest(String cluster, String runbookSha256, List<DeploymentDirectory> directories, List<Entry> files) {

    static final int SCHEMA_VERSION = 1;

    private static final String FORMAT = "etcd-drill deployment";
    private static final int OCTAL = 8;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** A file without its content. */
    record Entry(String host, String path, int mode, String owner, String group, boolean secret, String sha256) {

        Entry {
            DeploymentPath.require(host, path, mode, owner, group);
        }

        DeploymentFile withContent(FileContent content) {
            return new DeploymentFile(host, path, content, mode, owner, group, secret);
        }
    }

    static Manifest of(Deployment deployment) {
        return new Manifest(
                deployment.cluster(),
                deployment.runbook().sha256(),
                deployment.directories(),
                deployment.files().stream()
                        .map(file -> new Entry(
                                file.host(),
                                file.path(),
                                file.mode(),
                                file.owner(),
                                file.group(),
                                file.secret(),
                                file.content().sha256()))
                        .toList());
    }

    FileContent toJson() {
        ObjectNode root = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("schemaVersion", SCHEMA_VERSION)
                .put("cluster", cluster)
                .put("runbookSha256", runbookSha256);
        for (DeploymentDirectory directory : directories) {
            root.withArray("directories")
                    .addObject()
                    .put("host", directory.host())
                    .put("path", directory.path())
                    .put("mode", DeploymentPath.formatMode(directory.mode()))
                    .put("owner", directory.owner())
                    .put("group", directory.group());
        }
        for (Entry file : files) {
            root.withArray("files")
                    .addObject()
                    .put("host", file.host())
                    .put("path", file.path())
                    .put("mode", DeploymentPath.formatMode(file.mode()))
                    .put("owner", file.owner())
                    .put("group", file.group())
                    .put("secret", file.secret())
                    .put("sha256", file.sha256());
        }
        try {
            return FileContent.ofText(JSON.writeValueAsString(root) + "\n");
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("expected to write a manifest to memory", impossible);
        }
    }

    static Manifest parse(FileContent json) throws IOException {
        try {
            JsonNode root = JSON.readTree(json.toByteArray());
            if (!FORMAT.equals(root.path("format").asText())
                    || root.path("schemaVersion").asInt() != SCHEMA_VERSION) {
                throw new IOException("expected a manifest of format \"" + FORMAT + "\" and schemaVersion "
                        + SCHEMA_VERSION + ", found format \""
                        + root.path("format").asText() + "\" and schemaVersion "
                        + root.path("schemaVersion").asText() + "; render the recipe again");
            }
            List<DeploymentDirectory> directories = new ArrayList<>();
            for (JsonNode node : root.path("directories")) {
                directories.add(new DeploymentDirectory(
                        text(node, "host"), text(node, "path"), mode(node), text(node, "owner"), text(node, "group")));
            }
            List<Entry> files = new ArrayList<>();
            for (JsonNode node : root.path("files")) {
                files.add(new Entry(
                        text(node, "host"),
                        text(node, "path"),
                        mode(node),
                        text(node, "owner"),
                        text(node, "group"),
                        node.path("secret").asBoolean(true),
                        text(node, "sha256")));
            }
            return new Manifest(text(root, "cluster"), text(root, "runbookSha256"), directories, files);
        } catch (JsonProcessingException | IllegalArgumentException malformed) {
            throw new IOException(
                    "expected a manifest.json as etcd-drill writes it, found another; put it back from a copy: the directory"
                            + " may hold the only keys",
                    malformed);
        }
    }

    private static String text(JsonNode node, String key) {
        if (!node.path(key).isTextual()) {
            throw new IllegalArgumentException("expected the text " + key + " in the manifest, found none");
        }
        return node.path(key).textValue();
    }

    private static int mode(JsonNode node) {
        return Integer.parseInt(text(node, "mode"), OCTAL);
    }
}
