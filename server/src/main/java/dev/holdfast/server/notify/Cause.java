package dev.holdfast.server.notify;

/** Why a run came to nothing, as a host says; {@code code} is a label such as {@code HF-UNREACHABLE}. */
public record Cause(String code, String message, String hint) {
    private static final int LONGEST = 2000;

    public Cause {
        code = PlainText.line(code);
        message = PlainText.shortened(PlainText.text(message), LONGEST);
        hint = PlainText.shortened(PlainText.text(hint), LONGEST);
    }
}
