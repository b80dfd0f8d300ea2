package dev.holdfast.core.tree;

import java.nio.charset.StandardCharsets;

/**
 * Numeric owner and group (unsigned), which are restored, and their names on the source host, which inform; empty when unknown.
 */
public record Owner(int uid, int gid, String user, String group) {
    public static final int MAX_NAME_BYTES = 1024;

    public Owner {
        if (tooLong(user) || tooLong(group)) {
            throw new IllegalArgumentException("user or group name of more than " + MAX_NAME_BYTES + " bytes");
        }
    }

    private static boolean tooLong(String name) {
        return name.length() > MAX_NAME_BYTES / 3 && name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES;
    }
}
