package dev.holdfast.core.config;

import java.util.Locale;
import java.util.Optional;

/** What happens to a container that uses a volume while the volume is read. */
public enum Consistency {
    /** It goes on. */
    LIVE,
    /** It is frozen: nothing is written meanwhile, but what it holds in memory is not on disk. */
    PAUSE,
    /** It is stopped, and started again. */
    STOP;

    /** By the word in a label or a configuration. */
    public static Optional<Consistency> parse(String word) {
        for (Consistency each : values()) {
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
