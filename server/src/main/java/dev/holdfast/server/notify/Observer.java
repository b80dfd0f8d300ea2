package dev.holdfast.server.notify;

import java.time.Instant;
import java.util.Map;

/** Looks around in a server. */
public interface Observer {
    /** What is to be seen; never fails. {@code thorough} is a look for damage too, which may read the history of all hosts. */
    Sighting look(boolean thorough);

    /** The snapshots that were made since then, by {@code HOST/VOLUME}; those without are left out. */
    Map<String, Runs> runsSince(Instant from);

    /** Snapshots of a volume in some time. */
    record Runs(int count, int partial, long addedBytes) {
        public static final Runs NONE = new Runs(0, 0, 0);

        public Runs and(boolean partly, long bytes) {
            return new Runs(count + 1, partial + (partly ? 1 : 0), addedBytes + bytes);
        }
    }
}
