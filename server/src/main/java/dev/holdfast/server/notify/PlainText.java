package dev.holdfast.server.notify;

/** Text of others made harmless: no characters that end a line, move a cursor or turn the direction of reading, and not too long. */
final class PlainText {
    private static final int LONGEST_LINE = 200;
    private static final int LONGEST_TEXT = 20_000;

    private PlainText() {}

    /** One line. */
    static String line(String text) {
        return shortened(clean(text, false), LONGEST_LINE);
    }

    /** Several lines. */
    static String text(String text) {
        return shortened(clean(text, true), LONGEST_TEXT);
    }

    private static String clean(String text, boolean lines) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (lines && point == '\n') {
                clean.append('\n');
            } else {
                clean.appendCodePoint(isHarmless(point) ? point : ' ');
            }
        });
        return clean.toString();
    }

    private static boolean isHarmless(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.UNASSIGNED
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    /** At most so many characters. */
    static String shortened(String text, int most) {
        int length = text.codePointCount(0, text.length());
        return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** At most so many bytes of UTF-8. */
    static String fitting(String text, int mostBytes) {
        int bytes = 0;
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > mostBytes) {
                return text.substring(0, at);
            }
            at += Character.charCount(point);
        }
        return text;
    }
}
