package dev.holdfast.server.disk;

import dev.holdfast.core.snapshot.SnapshotSummary;
import java.nio.charset.StandardCharsets;

/** Names from outside that become names of folders. */
public final class FileNames {
    private FileNames() {}

    /** Returns the name, or throws when a folder of that name would not lie where its parent says, or not be seen. */
    public static String check(String name) {
        boolean plain = !name.isEmpty()
                && name.charAt(0) != '.'
                && name.getBytes(StandardCharsets.UTF_8).length <= SnapshotSummary.MAX_NAME_BYTES
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
        if (!plain) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a folder");
        }
        return name;
    }
}
