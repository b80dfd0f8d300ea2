package dev.holdfast.agent.files;

/** Why there is no native access on this machine. */
final class KernelUnavailableException extends Exception {
    private final String reason;

    KernelUnavailableException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
