package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.files.Status;
import dev.holdfast.core.tree.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Says when a volume that nobody holds still has a database that is being written to: a copy of its files, taken one after the other,
 * may not open again. A running PostgreSQL keeps a {@code postmaster.pid} beside {@code PG_VERSION} (PostgreSQL manual, "Database File
 * Layout"); an SQLite file with something in its {@code -wal} or {@code -journal} is in use or was left by a crash (SQLite, "Temporary
 * Files Used By SQLite"). Costs a comparison of bytes for each file.
 */
final class LiveDatabases {
    /** For a volume whose files fit together. */
    static final LiveDatabases NOT_SOUGHT = new LiveDatabases(notice -> {}, 0);

    private static final int MOST_TOLD = 5;
    private static final byte[] POSTMASTER = ascii("postmaster.pid");
    private static final byte[] PG_VERSION = ascii("PG_VERSION");
    private static final List<byte[]> SQLITE_LOGS = List.of(ascii("-wal"), ascii("-journal"));
    /** How every SQLite 3 file begins (SQLite, "Database File Format", section 1.3). */
    private static final byte[] SQLITE_MAGIC = ascii("SQLite format 3\0");

    private final Consumer<String> notices;
    private int left;

    LiveDatabases(Consumer<String> notices) {
        this(notices, MOST_TOLD);
    }

    private LiveDatabases(Consumer<String> notices, int most) {
        this.notices = notices;
        this.left = most;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Looks at a regular file of the volume. */
    void met(Directory folder, byte[] name, EntryPath path, Status status) {
        if (left == 0 || status.size() == 0) {
            return;
        }
        if (Arrays.equals(name, POSTMASTER)) {
            if (isThere(folder, PG_VERSION)) {
                tell("'" + path + "': a PostgreSQL is running on these files, and a copy of them may not start again");
            }
            return;
        }
        for (byte[] log : SQLITE_LOGS) {
            if (endsWith(name, log) && isSqlite(folder, Arrays.copyOf(name, name.length - log.length))) {
                tell("'" + path + "': an SQLite database is in use, and a copy of its files may be damaged");
            }
        }
    }

    private static boolean endsWith(byte[] name, byte[] end) {
        int from = name.length - end.length;
        return from > 0 && Arrays.equals(name, from, name.length, end, 0, end.length);
    }

    private static boolean isThere(Directory folder, byte[] name) {
        try {
            return folder.status(name).isFile();
        } catch (FileAccessException e) {
            return false;
        }
    }

    private static boolean isSqlite(Directory folder, byte[] name) {
        byte[] start = new byte[SQLITE_MAGIC.length];
        try (FileReader file = folder.openFile(name)) {
            int read = 0;
            while (read < start.length) {
                int count = file.pread(read, start, read, start.length - read);
                if (count <= 0) {
                    return false;
                }
                read += count;
            }
            return Arrays.equals(start, SQLITE_MAGIC);
        } catch (FileAccessException e) {
            return false;
        }
    }

    private void tell(String what) {
        left--;
        notices.accept(what + ". Hold the volume still meanwhile: `consistency` or `hooks` in the configuration");
    }
}
