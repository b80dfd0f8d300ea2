package dev.holdfast.core.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes and rates in bytes per second, as people write them and as they are shown; the two are inverse. */
public final class Quantity {
    private static final Pattern WRITTEN =
            Pattern.compile("(?<number>\\d{1,19}(\\.\\d{1,6})?) ?(?<unit>[A-Za-z]{0,4})(?<rate>/s)?");
    private static final Map<String, Long> BYTES = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("b", 1L),
            Map.entry("kb", 1_000L),
            Map.entry("mb", 1_000_000L),
            Map.entry("gb", 1_000_000_000L),
            Map.entry("tb", 1_000_000_000_000L),
            Map.entry("kib", 1L << 10),
            Map.entry("mib", 1L << 20),
            Map.entry("gib", 1L << 30),
            Map.entry("tib", 1L << 40));
    private static final String[] SHOWN = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Quantity() {}

    /** {@code 512MiB}, {@code 2 GB}, {@code 1.5TiB}, {@code 4096}; empty when it is no size or more than a long holds. */
    public static OptionalLong parseSize(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        return matcher.matches() && matcher.group("rate") == null ? value(matcher) : OptionalLong.empty();
    }

    /** As {@link #parseSize}, with or without {@code /s} at the end. */
    public static OptionalLong parseRate(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        return matcher.matches() ? value(matcher) : OptionalLong.empty();
    }

    private static OptionalLong value(Matcher matcher) {
        String written = matcher.group("unit");
        String lower = written.toLowerCase(Locale.ROOT);
        Long unit = BYTES.get(lower);
        boolean bits = written.endsWith("b") && !written.equals(lower);
        if (unit == null || bits) {
            return OptionalLong.empty();
        }
        BigDecimal bytes = new BigDecimal(matcher.group("number")).multiply(BigDecimal.valueOf(unit));
        return bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? OptionalLong.empty()
                : OptionalLong.of(bytes.longValue());
    }

    /** The largest unit that shows the size exactly: {@code 20MiB}, {@code 1025B}. */
    public static String showSize(long bytes) {
        long value = bytes;
        int unit = 0;
        while (unit < SHOWN.length - 1 && value != 0 && value % 1024 == 0) {
            value /= 1024;
            unit++;
        }
        return value + SHOWN[unit];
    }

    public static String showRate(long bytesPerSecond) {
        return showSize(bytesPerSecond) + "/s";
    }
}
