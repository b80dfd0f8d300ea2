package dev.holdfast.keys;

import java.util.Objects;

/**
 * A key that is missing, wrong, unsafe or unreadable. The message says what failed on which object (lower case, no full stop),
 * the hint is a sentence that says what to do; neither ever holds a secret.
 */
public final class KeyException extends RuntimeException {

    /** What kind of failure it is; the layers above map it to their problem codes. */
    public enum Reason {
        /** There is no such key, file or recipient. */
        MISSING,
        /** The key, passphrase or recovery code does not open what it should open. */
        WRONG,
        /** Others could read a private file. */
        UNSAFE_PERMISSIONS,
        /** The bytes or the text are not what they claim to be. */
        MALFORMED,
        /** Something is there already and is not overwritten. */
        EXISTS,
        /** Reading or writing a key file failed. */
        IO,
        /** The store may not be read or written by whoever asked. */
        DENIED,
        /** A remote store does not answer, or cannot for now. */
        UNREACHABLE,
        /** Somebody else changed it at the same time. */
        BUSY
    }

    /** The hint for what is damaged, wherever it lies. */
    public static final String TAKE_AGAIN =
            "Take it from the key store again; if it is damaged there, from a backup or a former version of that.";

    private final Reason reason;
    private final String hint;

    public KeyException(Reason reason, String message, String hint) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
        this.hint = Objects.requireNonNull(hint);
    }

    public KeyException(Reason reason, String message, String hint, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason);
        this.hint = Objects.requireNonNull(hint);
    }

    public Reason reason() {
        return reason;
    }

    public String hint() {
        return hint;
    }
}
