package dev.holdfast.agent.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is mounted where this process sees it: proc_pid_mountinfo(5). */
final class MountTable {
    private static final Path OF_THIS_PROCESS = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4;

    private final Set<Path> mountPoints = new HashSet<>();

    /** Lines of the file's form; others are passed over. */
    MountTable(List<String> lines) {
        for (String line : lines) {
            String[] fields = line.split(" ", MOUNT_POINT + 2);
            if (fields.length > MOUNT_POINT) {
                mountPoints.add(Path.of(unescaped(fields[MOUNT_POINT])));
            }
        }
    }

    static MountTable now() {
        try {
            return new MountTable(Files.readAllLines(OF_THIS_PROCESS, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("what is mounted cannot be found out", e);
        }
    }

    boolean isMountPoint(Path path) {
        return mountPoints.contains(path);
    }

    /** Whether something is mounted at a real path or above it, other than the root. */
    boolean isBelowMountPoint(Path path) {
        for (Path at = path; at != null && at.getParent() != null; at = at.getParent()) {
            if (isMountPoint(at)) {
                return true;
            }
        }
        return false;
    }

    /** Blank, tab, newline and backslash stand as three octal digits after a backslash. */
    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
