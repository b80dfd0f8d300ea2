package dev.holdfast.core.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long things may be, and how the fields that several messages share are written. */
final class FleetLimits {
    static final int NAME_BYTES = SnapshotSummary.MAX_NAME_BYTES;
    static final int SCHEDULE_BYTES = 256;
    static final int ZONE_BYTES = 64;
    static final int TEXT_BYTES = 8192;
    static final int PATH_BYTES = 4096;
    /** A host and a volume, and what stands between them. */
    static final int SOURCE_BYTES = 2 * NAME_BYTES + 1;
    /** More than a century is nobody's meaning. */
    private static final long LONGEST_MILLIS = Duration.ofDays(36_600).toMillis();

    private FleetLimits() {}

    /** A text for people, cut where it would be too long, between two characters. */
    static String clip(String text) {
        return clip(text, TEXT_BYTES);
    }

    static String clip(String text, int maxBytes) {
        if (text.length() * 3 <= maxBytes || text.getBytes(StandardCharsets.UTF_8).length <= maxBytes) {
            return text;
        }
        int end = Math.min(text.length(), maxBytes / 3);
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }

    static Duration duration(Decoder in) throws MalformedException {
        long millis = in.positive();
        if (millis > LONGEST_MILLIS) {
            throw new MalformedException("a time of " + millis + " ms");
        }
        return Duration.ofMillis(millis);
    }

    static void duration(Encoder out, Duration duration) {
        out.varint(Math.min(LONGEST_MILLIS, Math.max(0, duration.toMillis())));
    }

    static boolean flag(Decoder in) throws MalformedException {
        int value = in.u8();
        if (value > 1) {
            throw new MalformedException("flag of " + value);
        }
        return value == 1;
    }

    /** Milliseconds since 1970 by the server's clock; 0 is none. */
    static void instant(Encoder out, Optional<Instant> instant) {
        out.varint(instant.map(moment -> Math.max(1, moment.toEpochMilli())).orElse(0L));
    }

    static Optional<Instant> instant(Decoder in) throws MalformedException {
        long millis = in.positive();
        if (millis > LONGEST_MILLIS * 10) {
            throw new MalformedException("a moment of " + millis + " ms");
        }
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
