package dev.holdfast.core.problem;

/**
 * Every kind of failure that reaches a person. Names are stable: scripts and {@code docs/errors.md} rely on them; the text
 * shown is {@code HF-} plus the name with dashes.
 */
public enum ProblemCode {
    /** Wrong use of the command line. */
    USAGE(2, Retry.NO),
    /** The configuration file has errors. */
    CONFIG(2, Retry.NO),
    /** A volume, snapshot, host, file or server of that name does not exist. */
    NOT_FOUND(10, Retry.NO),
    /** Somebody else is at work on the same thing. */
    BUSY(11, Retry.LATER),
    /** The configuration or the server does not allow it. */
    DENIED(12, Retry.NO),
    /** A key is missing, wrong, unsafe or unreadable. */
    KEY(12, Retry.NO),
    /** The server's host key is not the pinned one. */
    HOST_KEY(12, Retry.NO),
    /** No connection, or the connection broke for good. */
    UNREACHABLE(13, Retry.LATER),
    /** Stored data is damaged. */
    DAMAGE(14, Retry.NO),
    /** A disk is full or a quota is used up. */
    NO_SPACE(15, Retry.LATER),
    /** The peer broke the protocol, or speaks another version. */
    PROTOCOL(1, Retry.NO),
    /** Reading or writing a local file failed. */
    IO(1, Retry.LATER),
    /** Some files could not be read or written; the rest is safe. */
    PARTIAL(3, Retry.NO),
    /** Anything else that was foreseen. */
    FAILED(1, Retry.NO),
    /** Cancelled by the person. */
    CANCELLED(130, Retry.NO),
    /** A fault in Holdfast itself. */
    BUG(70, Retry.NO);

    /** Whether trying again can help. */
    public enum Retry {
        NO,
        LATER,
        NOW
    }

    private final int exitCode;
    private final Retry retry;

    ProblemCode(int exitCode, Retry retry) {
        this.exitCode = exitCode;
        this.retry = retry;
    }

    public int exitCode() {
        return exitCode;
    }

    public Retry retry() {
        return retry;
    }

    /** The name as shown and documented, such as {@code HF-NO-SPACE}. */
    public String label() {
        return "HF-" + name().replace('_', '-');
    }
}
