package dev.holdfast.core.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a server can tell people of: the words of {@code on}. */
public enum NotifyEvent {
    /** A backup ended without a snapshot. */
    FAILED,
    /** A snapshot was made, but some files are missing from it. */
    PARTIAL,
    /** A backup that was due did not come. */
    MISSED,
    /** What had been told of is over. */
    RECOVERED,
    /** Something stored is damaged. */
    DAMAGE,
    /** The disk of the data folder fills up. */
    SPACE,
    /** The weekly summary. */
    DIGEST;

    /** What a channel tells that does not say: all that somebody must know of, and its end. */
    static final Set<NotifyEvent> USUAL = Set.copyOf(EnumSet.complementOf(EnumSet.of(DIGEST)));

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<NotifyEvent> parse(String word) {
        return Arrays.stream(values())
                .filter(event -> event.word().equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(NotifyEvent::word).toList();
    }
}
