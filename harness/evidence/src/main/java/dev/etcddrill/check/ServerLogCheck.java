package dev.etcddrill.check;

import dev.etcddrill.history.Observation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * No member panicked, gave up, found its data damaged, or ended by itself.
 *
 * <p>etcd logs JSON lines (zap); a Go crash is plain text. Read off real logs of 3.6.16: forming, SIGKILL, SIGTERM (also
 * in the middle of starting), SIGINT, quorum lost, restart, restore, initial and compaction corruption checks, a damaged
 * database, a damaged WAL, a port in use.
 */
public final class ServerLogCheck implements Check {
    /** zap levels at which a process ends (zap {@code Level}). */
    private static final Set<String> ENDING_LEVELS = Set.of("dpanic", "panic", "fatal");

    /**
     * zap levels at which etcd says that it found damage (etcdserver/corrupt.go). Below them it only tells of checks:
     * {@code starting initial corruption check}, {@code initial corruption checking passed; no corruption},
     * {@code enabled corruption checking}.
     */
    private static final Set<String> FINDING_LEVELS = Set.of("warn", "error");

    /** How etcd words damage in a message (etcdserver/corrupt.go, server/storage/wal, raft's log). */
    private static final Pattern DAMAGE = Pattern.compile(
            "found data inconsistency with peers|found different hash values|hash mismatch|hashes must match"
                    + "|must be less than or equal to leader's|data corruption|\\bcorrupt(?:ed|ion)?\\b|crc mismatch",
            Pattern.CASE_INSENSITIVE);

    /**
     * The same in the error that a message carries. Only the WAL's checksum counts there: that of a half-written snapshot
     * file is no damage (see {@link #BENIGN}).
     */
    private static final Pattern DAMAGE_IN_ERROR =
            Pattern.compile("found data inconsistency with peers|corrupt cluster|walpb: crc mismatch");

    /** The first line of a Go crash, or of a signal that the runtime turns into one. */
    private static final Pattern CRASH =
            Pattern.compile("^(?:panic: |fatal error: |\\[?signal SIG|SIG[A-Z]+: |goroutine \\d+ \\[).*");

    /**
     * Messages that match {@link #DAMAGE} and are no damage, each with its reason. They are compared as beginnings.
     */
    private static final Map<String, String> BENIGN = Map.of(
            "snap file is corrupt",
                    "a snapshot file that was being written when its process was killed; etcd sets it aside and takes the"
                            + " one before (snap/snapshotter.go). What it would lose, durability sees.",
            "--experimental-corrupt-check-time is deprecated", "a configuration notice (etcdmain/config.go)",
            "--experimental-initial-corrupt-check is deprecated", "a configuration notice (etcdmain/config.go)",
            "--experimental-compact-hash-check", "a configuration notice (etcdmain/config.go)");

    /**
     * The fields that are judged, as zap writes them: the level first, the message before any other field, and quotes
     * within a string always escaped. A line that was cut off when its process was killed still gives what it has.
     */
    private static final Pattern LEVEL = string("level");

    private static final Pattern MESSAGE = string("msg");
    private static final Pattern ERROR = string("error");
    private static final Pattern ALARM = string("alarm");

    private static final int SHOWN_CHARACTERS = 300;

    private static Pattern string(String name) {
        return Pattern.compile("\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*+)\"");
    }

    @Override
    public String id() {
        return "server-log";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "No member panics, ends with a fatal error, finds its data damaged, or ends without being told to.",
                "issue 4; etcd docs, op-guide/data_corruption");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        for (String member : evidence.drill().members()) {
            if (!evidence.memberLogs().containsKey(member)) {
                findings.inconclusive("There is no log of " + member + ".");
            }
        }
        long lines = 0;
        for (Map.Entry<String, List<String>> log : new TreeMap<>(evidence.memberLogs()).entrySet()) {
            lines += log.getValue().size();
            judge(log.getKey(), log.getValue(), findings);
        }
        int expected = 0;
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.MemberExit exit) {
                if (exit.expected()) {
                    expected++;
                    continue;
                }
                findings.fail(
                        "members that ended by themselves",
                        exit.member() + " ended by itself at " + Wording.time(exit.at()) + ", with "
                                + (exit.exitCode().isPresent()
                                        ? "exit code " + exit.exitCode().getAsInt()
                                        : "an exit code that could not be read")
                                + "; the drill did not end it.");
            } else if (observation instanceof Observation.MemberStatus status) {
                for (String error : status.errors()) {
                    if (error.contains("alarm:CORRUPT")) {
                        findings.fail(
                                "corruption alarms",
                                status.member() + " reports at " + Wording.time(status.at())
                                        + " that its cluster's data is corrupt: " + error);
                    }
                }
            }
        }
        findings.evidence(Wording.count(lines, "line") + " of "
                + Wording.count(evidence.memberLogs().size(), "member log") + " read; "
                + Wording.count(expected, "member exit") + " by the drill");
        return findings.result();
    }

    private void judge(String member, List<String> lines, Findings findings) {
        boolean inCrash = false;
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            String level = line.startsWith("{") ? field(LEVEL, line) : "";
            if (level.isEmpty()) {
                // The panic's own line follows its log entry, and its stack follows that: one crash is told once.
                if (!inCrash && CRASH.matcher(line).matches()) {
                    inCrash = true;
                    findings.fail("crashes", told(member, number, "crashed", line));
                }
                continue;
            }
            inCrash = false;
            if (ENDING_LEVELS.contains(level)) {
                inCrash = true;
                findings.fail("crashes", told(member, number, "ended itself (level " + level + ")", line));
            } else if (FINDING_LEVELS.contains(level) && damage(line)) {
                findings.fail("damaged data", told(member, number, "says that data is damaged", line));
            }
        }
    }

    private static boolean damage(String line) {
        String message = field(MESSAGE, line);
        if (BENIGN.keySet().stream().anyMatch(message::startsWith)) {
            return false;
        }
        return DAMAGE.matcher(message).find()
                || DAMAGE_IN_ERROR.matcher(field(ERROR, line)).find()
                || field(ALARM, line).contains("alarm:CORRUPT");
    }

    private static String field(Pattern field, String line) {
        Matcher matcher = field.matcher(line);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String told(String member, int line, String what, String text) {
        String shown = text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
        return member + " " + what + ", log line " + line + ": " + shown;
    }
}
