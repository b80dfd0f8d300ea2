package dev.holdfast.cli.command;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time as a person says it. What is said coarsely means the end of it: a date all of that day, {@code 14:30} all of that
 * minute; so that a time copied from a listing finds the snapshot that stood there.
 */
final class TimePhrase {
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})\\s*([smhdw])(\\s+ago)?");
    private static final Pattern DATE_TIME = Pattern.compile(
            "(\\d{4}-\\d{2}-\\d{2})[t ](\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)\\s*(z|[+-]\\d{2}(?::?\\d{2})?)?");
    private static final Duration NANO = Duration.ofNanos(1);

    private final ZonedDateTime now;

    TimePhrase(Instant now, ZoneId zone) {
        this.now = now.atZone(zone);
    }

    /** The last instant that is meant; {@code USAGE} when the text is no time. */
    Instant parse(String text) {
        String phrase = text.strip().toLowerCase(Locale.ROOT);
        try {
            Optional<Instant> meant = word(phrase);
            meant = meant.isPresent() ? meant : ago(phrase);
            meant = meant.isPresent() ? meant : dateTime(phrase);
            return meant.isPresent() ? meant.get() : dateOrTime(phrase);
        } catch (DateTimeException | ArithmeticException e) {
            throw unknown(text, e);
        }
    }

    private Optional<Instant> word(String phrase) {
        if (phrase.equals("now") || phrase.equals("today")) {
            return Optional.of(now.toInstant());
        }
        if (phrase.equals("yesterday")) {
            return Optional.of(endOf(now.toLocalDate().minusDays(1)));
        }
        String day = phrase.startsWith("last ") ? phrase.substring(5).strip() : phrase;
        for (DayOfWeek candidate : DayOfWeek.values()) {
            if (candidate.name().toLowerCase(Locale.ROOT).equals(day)) {
                return Optional.of(endOf(now.toLocalDate().with(TemporalAdjusters.previous(candidate))));
            }
        }
        return Optional.empty();
    }

    private Optional<Instant> ago(String phrase) {
        Matcher ago = AGO.matcher(phrase);
        if (!ago.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(ago.group(1));
        ChronoUnit unit = switch (ago.group(2)) {
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            case "d" -> ChronoUnit.DAYS;
            default -> ChronoUnit.WEEKS;
        };
        return Optional.of(now.minus(count, unit).toInstant());
    }

    private Optional<Instant> dateTime(String phrase) {
        Matcher full = DATE_TIME.matcher(phrase);
        if (!full.matches()) {
            return Optional.empty();
        }
        LocalDateTime local = LocalDate.parse(full.group(1)).atTime(time(full.group(2)));
        String offset = full.group(3);
        Instant start = offset == null
                ? later(local)
                : OffsetDateTime.of(local, java.time.ZoneOffset.of(offset.toUpperCase(Locale.ROOT)))
                        .toInstant();
        return Optional.of(start.plus(precision(full.group(2))).minus(NANO));
    }

    private Instant dateOrTime(String phrase) {
        if (phrase.contains(":")) {
            return later(now.toLocalDate().atTime(time(phrase)))
                    .plus(precision(phrase))
                    .minus(NANO);
        }
        return endOf(LocalDate.parse(phrase));
    }

    private static LocalTime time(String text) {
        return LocalTime.parse(text.indexOf(':') == 1 ? "0" + text : text);
    }

    /** How long the unit is to which the time was said. */
    private static Duration precision(String time) {
        int fraction = time.indexOf('.');
        if (fraction >= 0) {
            return Duration.ofNanos((long) Math.pow(10, 9 - (time.length() - fraction - 1)));
        }
        return time.indexOf(':') == time.lastIndexOf(':') ? Duration.ofMinutes(1) : Duration.ofSeconds(1);
    }

    /** Of an hour that came twice, the second. */
    private Instant later(LocalDateTime local) {
        return local.atZone(now.getZone()).withLaterOffsetAtOverlap().toInstant();
    }

    private Instant endOf(LocalDate date) {
        return date.plusDays(1).atStartOfDay(now.getZone()).toInstant().minus(NANO);
    }

    private static HoldfastException unknown(String text, RuntimeException cause) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.USAGE,
                        "'" + text + "' is no time that is understood",
                        "Say a date (2026-11-20), a date and time (2026-11-20 14:30, or with Z or +01:00), a time of today"
                                + " (14:30), yesterday, tuesday, or how long ago (2h, 3d, 1w)."),
                cause);
    }
}
