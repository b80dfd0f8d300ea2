package dev.holdfast.cli.command;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long something is good for, as people write it: {@code 30m}, {@code 24h}, {@code 7d}. */
final class Lifetime {
    private static final Pattern FORM = Pattern.compile("(\\d{1,7})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(30);

    private Lifetime() {}

    static Duration parse(String option, String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw refused(option, text);
        }
        long number = Long.parseLong(parts.group(1));
        Duration duration = switch (parts.group(2).charAt(0)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
        if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw refused(option, text);
        }
        return duration;
    }

    private static HoldfastException refused(String option, String text) {
        return Problem.of(
                        ProblemCode.USAGE,
                        option + " '" + text + "' is no time of up to " + LONGEST.toDays() + " days",
                        "Say a number and s, m, h or d, such as `" + option + " 24h`.")
                .asException();
    }
}
