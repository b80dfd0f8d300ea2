package dev.holdfast.core.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A schedule: five cron fields ({@code 0 2 * * 0}), a nickname ({@code @daily}) or words ({@code daily at 02:00},
 * {@code every 6 hours}, {@code weekly on sunday at 03:00}). One that can never come due is refused when it is parsed.
 *
 * <p>The library behind this loses runs where clocks spring forward, because it searches among zoned times. So it is asked in
 * local time only, and each answer is placed in the zone afterwards: a run whose local time does not exist happens later by the
 * length of the gap, one whose local time happens twice runs at the first.
 */
public final class Cron {
    /** Only read after it was made, so one serves all threads. */
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    /** Last days, working days, the n-th of a weekday, hash values. */
    private static final Pattern OF_OTHERS =
            Pattern.compile("(?i)(^|[,-])(L|LW|H|\\d+L|\\d+W|W)($|[,-/])|#|[?(]|(MON|TUE|WED|THU|FRI|SAT|SUN)L");

    /** Any start will do to see whether a schedule ever comes due: the calendar repeats, leap days included. */
    private static final LocalDateTime SOME_DAY = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final String text;
    private final ExecutionTime times;

    private Cron(String text, ExecutionTime times) {
        this.text = text;
        this.times = times;
    }

    /** Reads a schedule, or says why it cannot be one. */
    public static Cron parse(String text) throws InvalidScheduleException {
        if (text.length() > 200) {
            throw new InvalidScheduleException("a schedule of more than 200 characters");
        }
        String fields = ScheduleWords.fields(text).orElse(text.strip());
        Cron cron = new Cron(text, timesOf(fields));
        if (cron.nextLocal(SOME_DAY).isEmpty()) {
            throw new InvalidScheduleException("no such date ever comes");
        }
        return cron;
    }

    /** The words and nicknames that schedules are made of. */
    public static List<String> words() {
        return ScheduleWords.KNOWN;
    }

    private static ExecutionTime timesOf(String fields) throws InvalidScheduleException {
        int count = fields.isEmpty() ? 0 : fields.split("\\s+", -1).length;
        if (count != 5) {
            throw new InvalidScheduleException(
                    "neither five cron fields nor words such as 'daily at 02:00' or 'every 6 hours'");
        }
        requireKnownFields(fields);
        try {
            return ExecutionTime.forCron(PARSER.parse(fields).validate());
        } catch (IllegalArgumentException | DateTimeException | NullPointerException | IndexOutOfBoundsException e) {
            throw new InvalidScheduleException(reason(e));
        }
    }

    /** What is of other kinds of cron, the library names by a single letter. */
    private static void requireKnownFields(String fields) throws InvalidScheduleException {
        for (String field : fields.split("\\s+", -1)) {
            if (OF_OTHERS.matcher(field).find()) {
                throw new InvalidScheduleException(
                        "'" + field + "' is not a field of the five-field cron: there are numbers,"
                                + " names of months and days, and * , - /");
            }
        }
    }

    /** The library's innermost reason, in our form of words. */
    private static String reason(RuntimeException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank() || !(cause instanceof IllegalArgumentException)) {
            return "not a cron expression";
        }
        String line = message.lines().findFirst().orElse("").strip();
        int colon = line.lastIndexOf(": ");
        String bare = colon >= 0 ? line.substring(colon + 2) : line;
        String cut = bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
        return cut.isEmpty() ? "not a cron expression" : Character.toLowerCase(cut.charAt(0)) + cut.substring(1);
    }

    /** The first moment after {@code now} at which this schedule is due, in the zone of {@code now}. */
    public ZonedDateTime nextAfter(ZonedDateTime now) {
        LocalDateTime asked = beforeGap(now);
        Optional<ZonedDateTime> best = Optional.empty();
        while (true) {
            LocalDateTime local =
                    nextLocal(asked).orElseThrow(() -> new IllegalStateException("schedule never due: " + text));
            // Order among local times is not order in the zone: 02:30 inside a gap becomes 03:30, after 03:00.
            if (best.isPresent() && !local.isBefore(best.get().toLocalDateTime())) {
                return best.get();
            }
            ZonedDateTime due = local.atZone(now.getZone());
            if (due.isAfter(now) && (best.isEmpty() || due.isBefore(best.get()))) {
                best = Optional.of(due);
            }
            asked = local;
        }
    }

    /** Where to start searching: a run inside a gap just passed may still be ahead, moved by the length of that gap. */
    private static LocalDateTime beforeGap(ZonedDateTime now) {
        LocalDateTime local = now.toLocalDateTime();
        ZoneOffsetTransition last =
                now.getZone().getRules().previousTransition(now.toInstant().plusNanos(1));
        if (last == null || !last.isGap()) {
            return local;
        }
        boolean recent = local.isBefore(last.getDateTimeAfter().plus(last.getDuration()));
        return recent ? last.getDateTimeBefore().minusMinutes(1) : local;
    }

    private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
        return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    /** The schedule as it was written. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron cron && cron.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
