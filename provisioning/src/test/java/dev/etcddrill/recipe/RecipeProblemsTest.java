package dev.etcddrill.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.etcddrill.document.DocumentProblem;
import dev.etcddrill.document.DocumentReader;
import dev.etcddrill.document.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeProblemsTest {

    @TempDir
    Path directory;

    @Test
    void listsEveryProblemAtOnceEachWithItsLineAndColumn() {
        List<DocumentProblem> problems = problems("""
                apiVersion: etcddrill.dev/v2
                kind: ClusterRecipe
                metadata: {}
                spec:
                  etcd:
                    version: 3.6
                    electionTimout: 1s
                    walDirectory: /var/lib/etcd/wal
                    extra: {data-dir: /x}
                  kubernetes:
                    version: 1.36.3
                    controlPlaneEndpoint: k8s-api.example.com
                    podSubnet: 10.0.0.0/16
                    serviceSubnet: 10.96.0.1/12
                  network: {subnet: 10.0.1.0/24, roundTripTime: 200ms}
                  members:
                    - {name: etcd-1, address: 10.0.1.10, hostname: etcd-1.example.com}
                    - {name: etcd-1, address: 10.0.2.11, hostname: etcd_2}
                """);

        assertThat(problems)
                .extracting(problem -> problem.line() + ":" + problem.column() + " " + problem.path())
                .containsExactly(
                        "1:13 apiVersion",
                        "3:11 metadata.name",
                        "6:5 spec.etcd.electionTimeout",
                        "6:14 spec.etcd.version",
                        "7:5 spec.etcd.electionTimout",
                        "8:19 spec.etcd.walDirectory",
                        "9:13 spec.etcd.extra.data-dir",
                        "12:27 spec.kubernetes.controlPlaneEndpoint",
                        "13:16 spec.kubernetes.podSubnet",
                        "14:20 spec.kubernetes.serviceSubnet",
                        "17:5 spec.members",
                        "18:14 spec.members[1].name",
                        "18:31 spec.members[1].address",
                        "18:52 spec.members[1].hostname");
    }

    @Test
    void printsOneLineAProblemWithFileAndPlace() {
        InvalidDocumentException invalid = invalid("spec: [");

        assertThat(invalid.getMessage().lines()).allMatch(line -> line.startsWith("recipe.yaml:"));
        assertThat(invalid)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        invalid.problems().stream()
                                .map(DocumentProblem::toString)
                                .toList()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    extra: {} | extraa: {} | spec.etcd.extraa | unknown key; did you mean extra?
                    extra: {} | zzz: 1 | spec.etcd.zzz | unknown key; expected one of version,
                    version: 3.6.16 | version: 3.8.0 | spec.etcd.version | 3.5, 3.6 or 3.7, found 3.8.0
                    version: 3.6.16 | version: 3.5.2 | spec.etcd.version | from 3.5.10 on
                    version: 3.6.16 | version: 3.5.20 | spec.etcd.version | expected etcd 3.5.24 or later for Kubernetes 1.36.3
                    version: 3.6.16 | version: true | spec.etcd.version | found the boolean "true"
                    version: 3.6.16 | version: [3] | spec.etcd.version | found a list
                    version: 3.6.16 | version: | spec.etcd.version | found nothing; give it a value
                    extra: {} | electionTimeout: 400ms | spec.etcd.electionTimeout | at least 5 x heartbeat interval (500ms)
                    extra: {} | electionTimeout: 60s | spec.etcd.electionTimeout | at most 50s
                    extra: {} | electionTimeout: 1000500us | spec.etcd.electionTimeout | whole milliseconds
                    extra: {} | electionTimeout: 1 s | spec.etcd.electionTimeout | whole numbers with units
                    extra: {} | heartbeatInterval: 0ms | spec.etcd.heartbeatInterval | longer than zero
                    roundTripTime: 1ms | roundTripTime: 150ms | spec.etcd.electionTimeout | at least 10 x round trip time (1500ms)
                    extra: {} | quotaBackendBytes: 9GiB | spec.etcd.quotaBackendBytes | at most 8GiB
                    extra: {} | quotaBackendBytes: 8GiB | spec.etcd.quotaBackendBytes | below the host's memory
                    extra: {} | quotaBackendBytes: 99999999999999999999 | spec.etcd.quotaBackendBytes | a size in bytes
                    extra: {} | snapshotCount: 0 | spec.etcd.snapshotCount | at least 1 Raft entry
                    extra: {} | snapshotCount: "5" | spec.etcd.snapshotCount | a whole number, found the text
                    extra: {} | dataDirectory: /var/lib/../etcd | spec.etcd.dataDirectory | an absolute path
                    extra: {} | dataDirectory: /var/lib/etcd-wal | spec.etcd.walDirectory | outside the data directory
                    extra: {} | initialClusterToken: 'a b' | spec.etcd.initialClusterToken | a token of
                    extra: {} | extra: {initial-cluster-state: existing} | spec.etcd.extra.initial-cluster-state | etcd-bootstrap-complete.sh
                    extra: {} | extra: {Log_Level: debug} | spec.etcd.extra.Log_Level | lower case with hyphens
                    extra: {} | extra: {log-level: } | spec.etcd.extra.log-level | found nothing
                    podSubnet: 10.244.0.0/16 | podSubnet: 10.244.0.0/25 | spec.kubernetes.podSubnet | from /8 to /24
                    podSubnet: 10.244.0.0/16 | podSubnet: 10.100.0.0/16 | spec.kubernetes.serviceSubnet | apart from spec.kubernetes.podSubnet
                    version: 1.36.3 | version: 1.21.0 | spec.kubernetes.version | Kubernetes 1.22 or later
                    subnet: 10.0.1.0/24 | subnet: 10.0.1.0/33 | spec.network.subnet | a prefix length from 0 to 32
                    subnet: 10.0.1.0/24 | subnet: 10.0.1.10/24 | spec.network.subnet | write 10.0.1.0/24
                    address: 10.0.1.12 | address: 10.0.1.011 | spec.members[2].address | an IPv4 address
                    address: 10.0.1.12 | address: 10.0.1.255 | spec.members[2].address | a host address
                    address: 10.0.1.12 | address: 10.0.1.10 | spec.members[2].address | which spec.members[0].address has already
                    hostname: etcd-3.example.com | hostname: etcd-1.example.com | spec.members[2].hostname | a host name of its own
                    name: etcd-3 | name: control-plane | spec.members[2].name | reserved name
                    name: etcd-3 | name: ../../etc | spec.members[2].name | lower-case letters
                    profile: corrected | profile: guide | spec.profile | profile guide is not rendered yet, use corrected
                    profile: corrected | profile: guid | spec.profile | expected one of corrected, guide
                    profile: corrected | backup: {keep: 0} | spec.backup.keep | from 1 to
                    profile: corrected | backup: {directory: /var/lib/etcd/backups} | spec.backup.directory | apart from /var/lib/etcd
                    profile: corrected | backup: {commandTimeout: 100ms} | spec.backup.commandTimeout | whole seconds
                    profile: corrected | certificates: {authorityLifetime: 1h} | spec.certificates.authorityLifetime | outlives its certificates
                    profile: corrected | certificates: {leafLifetime: 59m} | spec.certificates.leafLifetime | at least 1h
                    profile: corrected | hardware: {memory: 100} | spec.hardware.memory | at least 1GiB of memory, found 100
                    extra: {} | dataDirectory: /etc | spec.etcd.dataDirectory | which is the system's
                    extra: {} | walDirectory: /usr/local/etcd | spec.etcd.walDirectory | which is the system's
                    extra: {} | dataDirectory: /var/lib | spec.etcd.dataDirectory | which is the system's
                    profile: corrected | backup: {directory: /etc/etcd/pki} | spec.backup.directory | which is the system's
                    profile: corrected | certificates: {keyKind: DSA} | spec.certificates.keyKind | RSA-2048
                    profile: corrected | objectives: {writeGapAfterLeaderLoss: soon} | spec.objectives.writeGapAfterLeaderLoss | a time
                    profile: corrected | objectives: 3s | spec.objectives | a mapping with the keys
                    profile: corrected | '{a: b}: c' | spec | a plain key, found a mapping
                    profile: corrected | network: {} | spec.network | the key once, found it again
                    kind: ClusterRecipe | kind: Recipe | kind | expected ClusterRecipe
                    """)
    void saysWhatIsWrongWhere(String original, String replacement, String path, String message) {
        String text = ExampleRecipes.guideText();
        assertThat(text).contains(original);

        assertThat(problems(text.replaceFirst(Pattern.quote(original), Matcher.quoteReplacement(replacement))))
                .anySatisfy(problem -> {
                    assertThat(problem.path()).isEqualTo(path);
                    assertThat(problem.message()).contains(message);
                    assertThat(problem.line()).isPositive();
                    assertThat(problem.column()).isPositive();
                });
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "4", "6", "8"})
    void refusesMemberCountsThatDoNotHelp(int count) {
        String text = ExampleRecipes.guideText();
        StringBuilder changed = new StringBuilder(text.substring(0, text.indexOf("    - {name")));
        for (int member = 1; member <= count; member++) {
            changed.append(
                    "    - {name: m" + member + ", address: 10.0.1." + member + ", hostname: m" + member + "}\n");
        }

        assertThat(problems(changed.toString()))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).startsWith("expected 3, 5 or 7 members, found " + count));
    }

    @Test
    void refusesMoreThanOneDocument() {
        List<DocumentProblem> problems = problems(ExampleRecipes.guideText() + "---\na: b\n");

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains("expected one YAML document, found 2");
            assertThat(problem.line())
                    .isEqualTo((int) ExampleRecipes.guideText().lines().count() + 2);
        });
    }

    @Test
    void refusesAnEmptyFileAndOtherKindsOfYaml() {
        assertThat(problems(""))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("empty file"));
        assertThat(problems("- a\n- b\n").get(0).message()).contains("expected a mapping", "found a list");
        assertThat(problems("just words").get(0).message()).contains("found the text \"just words\"");
        assertThat(problems("null").get(0).message()).contains("found nothing");
    }

    @Test
    void saysWhereYamlCannotBeParsed() {
        DocumentProblem problem = problems("spec:\n\tetcd: {}\n").get(0);

        assertThat(problem.message()).startsWith("expected YAML, but");
        assertThat(problem.line()).isEqualTo(2);
    }

    @Test
    void refusesAliasesThatCouldGrowWithoutBound() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int level = 1; level < 30; level++) {
            bomb.append("a" + level + ": &a" + level + " [" + ("*a" + (level - 1) + ", ").repeat(9) + "x]\n");
        }

        assertThat(problems(bomb.toString()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("aliases"));
        assertThat(problems("spec: &a {etcd: *a}")).isNotEmpty();
    }

    @Test
    void refusesDeepNestingWithoutOverflow() {
        assertThat(problems("[".repeat(500_000)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("levels of nesting"));
        assertThat(problems("{a: ".repeat(200_000))).isNotEmpty();
        assertThat(problems("- ".repeat(300_000))).isNotEmpty();
    }

    @Test
    void refusesBinaryContent() throws IOException {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);

        assertThat(problems(noise))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("UTF-8"));
        assertThat(problems("spec:\n  a: \u0000\n")).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains("control character U+0000");
            assertThat(problem.line()).isEqualTo(2);
        });
    }

    @Test
    void refusesFilesThatAreTooLargeWithoutReadingThem() throws IOException {
        Path large = directory.resolve("large.yaml");
        Files.write(large, new byte[DocumentReader.LARGEST_FILE + 1]);

        assertThat(problemsOf(large)).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains("at most 1048576 bytes");
            assertThat(problem).hasToString(large + ": " + problem.message());
        });
    }

    @Test
    void refusesWhatIsNoFile() {
        assertThat(problemsOf(directory).get(0).message()).contains("found a directory");
        assertThat(problemsOf(directory.resolve("none.yaml")).get(0).message()).contains("no such file");
    }

    @Test
    void readsByteOrderMarksAndCarriageReturns() {
        ClusterRecipe recipe =
                ExampleRecipes.parse("\uFEFF" + ExampleRecipes.guideText().replace("\n", "\r\n"));

        assertThat(recipe).isEqualTo(ExampleRecipes.guide());
    }

    private static List<DocumentProblem> problems(String text) {
        return invalid(text).problems();
    }

    private static InvalidDocumentException invalid(String text) {
        return catchThrowableOfType(InvalidDocumentException.class, () -> ExampleRecipes.parse(text));
    }

    private static List<DocumentProblem> problems(byte[] content) {
        return catchThrowableOfType(
                        InvalidDocumentException.class, () -> RecipeReader.parse(Path.of("recipe.yaml"), content))
                .problems();
    }

    private static List<DocumentProblem> problemsOf(Path file) {
        return catchThrowableOfType(InvalidDocumentException.class, () -> ClusterRecipe.read(file))
                .problems();
    }
}
