package dev.etcddrill.pki;

import dev.etcddrill.document.QuantityText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code etcd-drill certs status PATH...}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Lists every certificate in PEM files below the paths, whatever their names, the first to end first, and says"
                    + " which are due. Private keys are not read."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  etcd-drill certs status deployment", "  etcd-drill certs status /etc/etcd --within 60d"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no certificate is due",
            "1:one is due, has ended, is not valid yet, or cannot be read",
            "2:bad usage, or no certificate is there"
        })
public final class CertificateStatusCommand implements Callable<Integer> {
    private static final int NONE_DUE = 0;
    private static final int DUE = 1;
    private static final int BAD_INPUT = 2;

    /** A bundle of a hundred authorities has some 200 kB. */
    private static final long LARGEST_FILE = 4 << 20;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "directories or files")
    private List<Path> paths;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description =
                    "a certificate is due so long before its end, such as 60d; by default 30 days, or a third of its"
                            + " life where that is less")
    private String within;

    /** The command with the system's clock. */
    public CertificateStatusCommand() {
        this(Clock.systemUTC());
    }

    /** The command with a clock of choice. */
    CertificateStatusCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Duration before = null;
        try {
            before = within == null ? null : QuantityText.parseDuration(within);
        } catch (IllegalArgumentException refused) {
            throw new ParameterException(spec.commandLine(), "--within: " + refused.getMessage());
        }
        Map<X509Certificate, List<Path>> found = new LinkedHashMap<>();
        List<Path> unreadable = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new ParameterException(
                        spec.commandLine(), "expected a directory or file, found no " + path + "; check the path");
            }
            for (Path file : files(path)) {
                try {
                    Pem.certificates(text(file))
                            .forEach(certificate -> found.computeIfAbsent(certificate, unused -> new ArrayList<>())
                                    .add(file));
                } catch (IllegalArgumentException | IOException damaged) {
                    unreadable.add(file);
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (found.isEmpty() && unreadable.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("expected certificates in PEM, found none below " + paths
                            + "; name the directory that has them");
            return BAD_INPUT;
        }
        boolean due = !unreadable.isEmpty();
        List<X509Certificate> inOrder = found.keySet().stream()
                .sorted(Comparator.comparing(X509Certificate::getNotAfter))
                .toList();
        for (X509Certificate certificate : inOrder) {
            String state = state(certificate, before);
            due |= !state.equals("valid");
            out.println(String.format(
                    Locale.ROOT,
                    "%-13s ends %s, %s   %s   %s",
                    state,
                    TIME.format(certificate.getNotAfter().toInstant()),
                    left(certificate.getNotAfter().toInstant()),
                    certificate.getSubjectX500Principal().getName(),
                    places(found.get(certificate))));
        }
        unreadable.forEach(file -> out.println(String.format(Locale.ROOT, "%-13s %s", "damaged", file)));
        return due ? DUE : NONE_DUE;
    }

    private String state(X509Certificate certificate, Duration before) {
        Instant now = clock.instant();
        Instant end = certificate.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            return "ENDED";
        } else if (now.isBefore(certificate.getNotBefore().toInstant())) {
            return "NOT YET VALID";
        }
        return now.isBefore(end.minus(before == null ? Renewal.dueBeforeEnd(certificate) : before)) ? "valid" : "DUE";
    }

    private String left(Instant end) {
        Duration left = Duration.between(clock.instant(), end);
        String length = left.abs().toDays() > 0
                ? left.abs().toDays() + " days"
                : left.abs().toHours() + " hours";
        return left.isNegative() ? length + " ago" : "in " + length;
    }

    private static String places(List<Path> files) {
        return files.get(0) + (files.size() == 1 ? "" : " and " + (files.size() - 1) + " more");
    }

    private static List<Path> files(Path path) throws IOException {
        try (Stream<Path> walk = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String text(Path file) throws IOException {
        return Files.size(file) > LARGEST_FILE ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
