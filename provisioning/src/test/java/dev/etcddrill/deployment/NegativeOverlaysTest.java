package dev.etcddrill.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.ExampleRecipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The flawed scripts of {@code recipes/negative} are the rendered ones with one flaw planted. With {@code
 * -Doverlays.write=true} these tests write them anew after a change of the originals.
 */
class NegativeOverlaysTest {

    private static final String BACKUP = "/usr/local/bin/etcd-backup.sh";
    private static final String RESTORE = "/usr/local/bin/etcd-restore.sh";

    @ParameterizedTest
    @ValueSource(strings = {"etcd-1", "etcd-2", "etcd-3"})
    void theTruncatedBackupDiffersFromTheRenderedScriptByItsFlawOnly(String member) throws IOException {
        String flawed = replaceOnce(
                replaceOnce(
                        rendered("truncated-backup", member, BACKUP), "  gzip --fast --keep -- \"$snapshot\"\n", """
                          # FLAW, planted for a negative control: the file is cut and what is shipped is not checked.
                          truncate --size=-4096 -- "$snapshot"
                          gzip --fast --keep -- "$snapshot"
                        """),
                """
                  # The archive is what a restore will read, so the archive is what is checked.
                  gzip --decompress --stdout -- "$snapshot.gz" >"$work/again.db"
                  [[ $(verify_snapshot "$work/again.db") == "$sha256" ]] || die 'the compressed snapshot differs from the snapshot'
                """,
                "");

        assertOverlay("truncated-backup", member, BACKUP, flawed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd-1", "etcd-2", "etcd-3"})
    void theRestoreWithoutRevisionBumpDiffersFromTheRenderedScriptByItsFlawOnly(String member) throws IOException {
        String flawed = replaceOnce(
                replaceOnce(rendered("restore-without-revision-bump", member, RESTORE), """
                            --bump-revision="$REVISION_BUMP" \\
                            --mark-compacted \\
                        """, ""),
                """
                # Far above any revision that a client can have seen: a week at 1500 writes a second (etcd's recovery guide).
                readonly REVISION_BUMP=1000000000
                """,
                "# FLAW, planted for a negative control: revisions are not bumped, so they go back.\n");

        assertOverlay("restore-without-revision-bump", member, RESTORE, flawed);
    }

    private static String rendered(String recipeName, String member, String path) {
        ClusterRecipe recipe =
                ClusterRecipe.read(ExampleRecipes.directory().resolve("negative/" + recipeName + ".yaml"));
        return Deployment.render(recipe, SampleDeployments.GUIDE_PKI)
                .requireFile(member, path)
                .content()
                .text();
    }

    private static String replaceOnce(String text, String original, String replacement) {
        assertThat(text).containsOnlyOnce(original);
        return text.replace(original, replacement);
    }

    private static void assertOverlay(String recipeName, String member, String path, String expected)
            throws IOException {
        Path file = ExampleRecipes.directory().resolve("negative/" + recipeName + "/overlay/" + member + path);
        if (Boolean.getBoolean("overlays.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(file).hasContent(expected);
    }
}
