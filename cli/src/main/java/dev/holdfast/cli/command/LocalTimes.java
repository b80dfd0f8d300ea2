package dev.holdfast.cli.command;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as listings show them: in the person's zone, to the second, in a form that {@link TimePhrase} understands. */
final class LocalTimes {
    private final DateTimeFormatter plain;
    private final DateTimeFormatter zoned;

    LocalTimes(ZoneId zone) {
        plain = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
        zoned = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT)
                .withZone(zone);
    }

    String show(Instant time) {
        return plain.format(time);
    }

    /** With the offset from UTC. */
    String precise(Instant time) {
        return zoned.format(time);
    }
}
