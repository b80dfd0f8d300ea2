package dev.holdfast.cli.terminal;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them. Printed in IEC units; what is printed can be parsed, to within the digits shown. */
public final class Sizes {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final Pattern SIZE =
            Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?)\\s*([kKmMgGtTpPeE]?)(i?)([bB]?)");

    private Sizes() {}

    /** {@code 512 B}, {@code 1.5 KiB}, {@code 37.2 GiB}. */
    public static String show(long bytes) {
        if (bytes < 0) {
            return "-" + show(-Math.max(bytes, -Long.MAX_VALUE));
        }
        int unit = 0;
        double value = bytes;
        // 1023.95 would be printed as 1024.0.
        while (value >= 1023.95 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
    }

    /**
     * {@code 10 GiB}, {@code 10G} and {@code 10g} are binary; {@code 10 GB} is decimal; a bare number is bytes. Empty when the text
     * is no size or too large for one.
     */
    public static Optional<Long> parse(String text) {
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches()) {
            return Optional.empty();
        }
        String prefix = size.group(2).toLowerCase(Locale.ROOT);
        boolean decimal = size.group(3).isEmpty() && !size.group(4).isEmpty();
        if (prefix.isEmpty() && !size.group(3).isEmpty()) {
            return Optional.empty();
        }
        int power = prefix.isEmpty() ? 0 : "kmgtpe".indexOf(prefix) + 1;
        BigDecimal bytes = new BigDecimal(size.group(1))
                .multiply(BigDecimal.valueOf(decimal ? 1000 : 1024).pow(power));
        return bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? Optional.empty()
                : Optional.of(bytes.longValue());
    }
}
