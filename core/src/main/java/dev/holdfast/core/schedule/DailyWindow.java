package dev.holdfast.core.schedule;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hours of each day, such as {@code 22:00-06:00}, from the first minute to before the last; they may pass midnight. */
public record DailyWindow(LocalTime from, LocalTime to) {
    private static final Pattern WRITTEN = Pattern.compile("([0-2]?[0-9]:[0-5][0-9])-([0-2]?[0-9]:[0-5][0-9])");

    public DailyWindow {
        if (from.equals(to)) {
            throw new IllegalArgumentException("no hours");
        }
    }

    /** Empty when the text is no such window. */
    public static Optional<DailyWindow> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            LocalTime from = time(matcher.group(1));
            LocalTime to = time(matcher.group(2));
            return from.equals(to) ? Optional.empty() : Optional.of(new DailyWindow(from, to));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static LocalTime time(String text) {
        return LocalTime.parse(text.length() == 4 ? "0" + text : text);
    }

    public boolean contains(LocalTime time) {
        boolean afterOpening = !time.isBefore(from);
        boolean beforeEnd = time.isBefore(to);
        return from.isBefore(to) ? afterOpening && beforeEnd : afterOpening || beforeEnd;
    }

    /** That moment when it lies inside, else when the window opens next; an hour that clocks leave out opens late. */
    public ZonedDateTime firstInside(ZonedDateTime moment) {
        if (contains(moment.toLocalTime())) {
            return moment;
        }
        ZonedDateTime today = moment.toLocalDate().atTime(from).atZone(moment.getZone());
        return today.isAfter(moment)
                ? today
                : moment.toLocalDate().plusDays(1).atTime(from).atZone(moment.getZone());
    }

    @Override
    public String toString() {
        return from + "-" + to;
    }
}
