package dev.holdfast.core.config;

import dev.holdfast.core.schedule.DailyWindow;
import java.time.LocalTime;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Bytes per second, by the hour of the day.
 *
 * @param hours the first that a time lies in decide
 * @param otherwise empty for no limit
 */
public record Bandwidth(List<Hours> hours, OptionalLong otherwise) {
    static final String OTHERWISE = "otherwise";
    static final String UNLIMITED = "unlimited";

    public static final Bandwidth NO_LIMIT = new Bandwidth(List.of(), OptionalLong.empty());

    public Bandwidth {
        hours = List.copyOf(hours);
    }

    /** {@code rate} is empty for no limit. */
    public record Hours(DailyWindow when, OptionalLong rate) {}

    public boolean isNoLimit() {
        return equals(NO_LIMIT);
    }

    /** What counts at that time of day; empty for no limit. */
    public OptionalLong at(LocalTime time) {
        return hours.stream()
                .filter(one -> one.when().contains(time))
                .findFirst()
                .map(Hours::rate)
                .orElse(otherwise);
    }

    @Override
    public String toString() {
        return Stream.concat(
                        hours.stream().map(one -> one.when() + " " + show(one.rate())),
                        Stream.of((hours.isEmpty() ? "" : OTHERWISE + " ") + show(otherwise)))
                .collect(Collectors.joining(", "));
    }

    private static String show(OptionalLong rate) {
        return rate.isPresent() ? Quantity.showRate(rate.getAsLong()) : UNLIMITED;
    }
}
