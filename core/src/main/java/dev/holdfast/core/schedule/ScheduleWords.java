package dev.holdfast.core.schedule;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Schedules in words and nicknames, turned into five cron fields. */
final class ScheduleWords {
    private static final String CLOCK = "(?<hour>\\d{1,2}):(?<minute>\\d{2})";
    private static final Pattern EVERY =
            Pattern.compile("every (?:(?<count>\\d{1,4}) )?(?<unit>minutes?|hours?)", Pattern.CASE_INSENSITIVE);
    private static final Pattern DAILY = Pattern.compile("daily at " + CLOCK, Pattern.CASE_INSENSITIVE);
    private static final Pattern WEEKLY =
            Pattern.compile("weekly on (?<day>[a-z]+) at " + CLOCK, Pattern.CASE_INSENSITIVE);
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final List<String> DAYS =
            List.of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday");

    /** All that a schedule in words may consist of. */
    static final List<String> KNOWN = Stream.concat(
                    Stream.of("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"),
                    Stream.concat(
                            DAYS.stream(),
                            Stream.of("daily", "weekly", "every", "hour", "hours", "minute", "minutes", "at", "on")))
            .toList();

    private ScheduleWords() {}

    /** The five fields meant by a nickname or by words; empty when the text is neither. */
    static Optional<String> fields(String text) throws InvalidScheduleException {
        String words = SPACES.matcher(text.strip()).replaceAll(" ");
        if (words.startsWith("@")) {
            return Optional.of(nickname(words));
        }
        Matcher every = EVERY.matcher(words);
        if (every.matches()) {
            return Optional.of(interval(every));
        }
        Matcher daily = DAILY.matcher(words);
        if (daily.matches()) {
            return Optional.of(clock(daily) + " * * *");
        }
        Matcher weekly = WEEKLY.matcher(words);
        if (weekly.matches()) {
            return Optional.of(clock(weekly) + " * * " + dayOfWeek(weekly.group("day")));
        }
        return Optional.empty();
    }

    private static String nickname(String text) throws InvalidScheduleException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "@hourly" -> "0 * * * *";
            case "@daily", "@midnight" -> "0 0 * * *";
            case "@weekly" -> "0 0 * * 0";
            case "@monthly" -> "0 0 1 * *";
            case "@yearly", "@annually" -> "0 0 1 1 *";
            default ->
                throw new InvalidScheduleException(
                        "unknown nickname; there are @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually");
        };
    }

    private static String interval(Matcher every) throws InvalidScheduleException {
        int count = every.group("count") == null ? 1 : Integer.parseInt(every.group("count"));
        boolean hours = every.group("unit").toLowerCase(Locale.ROOT).startsWith("hour");
        int whole = hours ? 24 : 60;
        if (count < 1 || count > whole || whole % count != 0) {
            throw new InvalidScheduleException("every " + count + (hours ? " hours" : " minutes") + " does not divide "
                    + (hours ? "a day" : "an hour") + " evenly");
        }
        if (hours) {
            return count == whole ? "0 0 * * *" : "0 */" + count + " * * *";
        }
        return count == whole ? "0 * * * *" : "*/" + count + " * * * *";
    }

    private static String clock(Matcher matcher) throws InvalidScheduleException {
        int hour = Integer.parseInt(matcher.group("hour"));
        int minute = Integer.parseInt(matcher.group("minute"));
        if (hour > 23 || minute > 59) {
            throw new InvalidScheduleException("there is no " + matcher.group("hour") + ":" + matcher.group("minute"));
        }
        return minute + " " + hour;
    }

    private static int dayOfWeek(String word) throws InvalidScheduleException {
        String day = word.toLowerCase(Locale.ROOT);
        for (int i = 0; i < DAYS.size(); i++) {
            if (DAYS.get(i).equals(day) || (day.length() == 3 && DAYS.get(i).startsWith(day))) {
                return i;
            }
        }
        throw new InvalidScheduleException("there is no day '" + word + "'");
    }
}
