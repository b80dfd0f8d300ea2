package dev.holdfast.core.tree;

/** Seconds since 1970 (may be negative) and nanoseconds 0 to 999,999,999, as the file system keeps them. */
public record Timestamp(long seconds, int nanos) {
    public Timestamp {
        if (nanos < 0 || nanos > 999_999_999) {
            throw new IllegalArgumentException(nanos + " nanoseconds");
        }
    }
}
