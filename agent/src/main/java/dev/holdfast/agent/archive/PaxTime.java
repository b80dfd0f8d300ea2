package dev.holdfast.agent.archive;

import dev.holdfast.core.tree.Timestamp;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Times as decimal numbers of seconds; before 1970 they are negative as a whole. */
final class PaxTime {
    private static final int LONGEST = 40;
    private static final int NANO_DIGITS = 9;

    private PaxTime() {}

    static String text(Timestamp time) {
        return BigDecimal.valueOf(time.seconds())
                .add(BigDecimal.valueOf(time.nanos(), NANO_DIGITS))
                .stripTrailingZeros()
                .toPlainString();
    }

    static Timestamp parse(String text) throws IOException {
        if (text.length() > LONGEST || !text.matches("-?[0-9]+(\\.[0-9]*)?")) {
            throw new MalformedArchiveException("an extended header has a time that is no number");
        }
        BigDecimal time = new BigDecimal(text.endsWith(".") ? text + "0" : text);
        BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
        if (seconds.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new MalformedArchiveException("an extended header has a time that is out of range");
        }
        return new Timestamp(
                seconds.longValue(),
                time.subtract(seconds).movePointRight(NANO_DIGITS).intValue());
    }
}
