package dev.holdfast.server.notify;

import java.time.Duration;
import java.util.Locale;

/** Sizes and lengths of time as a tired person reads them. */
final class Amounts {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Amounts() {}

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    static String length(Duration length) {
        long minutes = Math.max(0, length.toMinutes());
        if (minutes < 120) {
            return count(minutes, "minute");
        }
        long hours = minutes / 60;
        return hours < 48 ? count(hours, "hour") : count(hours / 24, "day");
    }

    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
