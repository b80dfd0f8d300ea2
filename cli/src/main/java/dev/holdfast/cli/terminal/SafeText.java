package dev.holdfast.cli.terminal;

import dev.holdfast.core.tree.NameText;
import java.util.Locale;

/**
 * Text that came from outside, made harmless for a terminal: control characters (a file may be called {@code ESC]0;...}), marks
 * that turn the writing direction and lone surrogates are shown as escapes, bytes that arguments carried ({@link NameText}) as {@code \xNN}.
 */
public final class SafeText {
    private SafeText() {}

    public static String of(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < ' ' || c > '~') {
                return escape(text);
            }
        }
        return text;
    }

    private static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> append(safe, point));
        return safe.toString();
    }

    private static void append(StringBuilder safe, int point) {
        switch (point) {
            case '\n' -> safe.append("\\n");
            case '\r' -> safe.append("\\r");
            case '\t' -> safe.append("\\t");
            default -> {
                if (!isHarmful(point)) {
                    safe.appendCodePoint(point);
                } else if (point < 0x100 || NameText.isCarried(point)) {
                    safe.append(String.format(Locale.ROOT, "\\x%02x", point & 0xff));
                } else {
                    safe.append(String.format(Locale.ROOT, "\\u%04x", point));
                }
            }
        }
    }

    private static boolean isHarmful(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
