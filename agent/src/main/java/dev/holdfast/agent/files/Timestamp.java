package dev.holdfast.agent.files;

/** Seconds since 1970 (negative before) and nanoseconds within the second. */
public record Timestamp(long seconds, int nanos) implements Comparable<Timestamp> {
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    public Timestamp {
        if (nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw new IllegalArgumentException("nanoseconds out of range: " + nanos);
        }
    }

    @Override
    public int compareTo(Timestamp other) {
        int bySeconds = Long.compare(seconds, other.seconds);
        return bySeconds != 0 ? bySeconds : Integer.compare(nanos, other.nanos);
    }
}
