package dev.etcddrill.scenario;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** What storage and transport do to snapshots that nobody verifies. */
enum SnapshotDamage {
    BIT_FLIPPED("one bit flipped") {
        @Override
        byte[] of(byte[] snapshot, Random random) {
            return flipped(snapshot, random);
        }
    },
    BLOCK_CUT("one block of 4096 bytes cut out") {
        @Override
        byte[] of(byte[] snapshot, Random random) {
            int start = random.nextInt(snapshot.length / BLOCK - 1) * BLOCK;
            byte[] shorter = Arrays.copyOf(snapshot, snapshot.length - BLOCK);
            System.arraycopy(snapshot, start + BLOCK, shorter, start, shorter.length - start);
            return shorter;
        }
    },
    END_CUT("its second half cut off") {
        @Override
        byte[] of(byte[] snapshot, Random random) {
            return Arrays.copyOf(snapshot, snapshot.length / 2);
        }
    },
    WITHOUT_CHECKSUM("its checksum cut off, as a copy of the database file has none") {
        @Override
        byte[] of(byte[] snapshot, Random random) {
            return Arrays.copyOf(snapshot, snapshot.length - CHECKSUM);
        }
    },
    EMPTY("nothing in it") {
        @Override
        byte[] of(byte[] snapshot, Random random) {
            return new byte[0];
        }
    },
    ARCHIVE_BIT_FLIPPED("one bit of its archive flipped") {
        @Override
        byte[] of(byte[] snapshot, Random random) throws IOException {
            return flipped(archived(snapshot), random);
        }

        @Override
        String file() {
            return "damaged.db.gz";
        }
    },
    ARCHIVE_CUT("its archive cut off") {
        @Override
        byte[] of(byte[] snapshot, Random random) throws IOException {
            byte[] archive = archived(snapshot);
            return Arrays.copyOf(archive, archive.length - 1 - random.nextInt(archive.length / 2));
        }

        @Override
        String file() {
            return "damaged.db.gz";
        }
    };

    private static final int BLOCK = 4096;

    /** etcd appends a SHA-256 of the database (etcdutl {@code snapshot/v3_snapshot.go}). */
    private static final int CHECKSUM = 32;

    private static final int EDGE = 16;

    private final String text;

    SnapshotDamage(String text) {
        this.text = text;
    }

    /** The damaged file, made from a whole snapshot. */
    abstract byte[] of(byte[] snapshot, Random random) throws IOException;

    /** Name of the file: the restore script goes by its end. */
    String file() {
        return "damaged.db";
    }

    /** For people, after "a snapshot with". */
    @Override
    public String toString() {
        return text;
    }

    private static byte[] flipped(byte[] content, Random random) {
        byte[] changed = content.clone();
        // Not at the edges: what an archive says there of time and system, or fills up with, is nobody's loss.
        int position = EDGE + random.nextInt(changed.length - 2 * EDGE);
        changed[position] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }

    private static byte[] archived(byte[] snapshot) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(snapshot);
        }
        return bytes.toByteArray();
    }

    /** The database file in what the backup script left. */
    static byte[] snapshotIn(String path, byte[] content) throws IOException {
        if (!path.endsWith(".gz")) {
            return content;
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(content))) {
            return gzip.readAllBytes();
        }
    }
}
