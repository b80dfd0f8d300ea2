package dev.holdfast.core.schedule;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;

/** The zone in which whoever has an environment reads and writes times. */
public final class LocalZone {
    private LocalZone() {}

    /** That of {@code TZ}, else the system's. */
    public static ZoneId of(Map<String, String> environment) {
        try {
            return ZoneId.of(environment.getOrDefault("TZ", ""));
        } catch (DateTimeException e) {
            // None is set, or a form that only the system's own library understands.
            return ZoneId.systemDefault();
        }
    }
}
