package dev.holdfast.core.schedule;

/** A schedule that cannot be read, or that would never come due; the message says why, in lower case without a full stop. */
public final class InvalidScheduleException extends Exception {
    InvalidScheduleException(String message) {
        super(message);
    }
}
