package dev.holdfast.core.config;

import java.util.Locale;
import java.util.Optional;

/** What a host lets operators start on it through its server. Each includes the one before. */
public enum RemoteWork {
    NONE,
    /** The backups that it makes by itself, now. */
    BACKUP,
    /** Restores too, of what the host may restore itself. */
    RESTORE;

    /** By the word in a configuration. */
    public static Optional<RemoteWork> parse(String word) {
        for (RemoteWork each : values()) {
            if (each.word().equals(word)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
