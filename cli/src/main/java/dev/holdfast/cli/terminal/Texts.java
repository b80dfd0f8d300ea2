package dev.holdfast.cli.terminal;

import java.util.Locale;

/** Small rules of writing: numbers with their nouns, text that must fit. */
final class Texts {
    private static final String ELLIPSIS = "...";

    /** First and last of the blocks that Unicode's East Asian Width counts as wide, joined where only rare gaps lie between. */
    private static final int[][] WIDE = {
        {0x1100, 0x115f},
        {0x2e80, 0xa4cf},
        {0xac00, 0xd7a3},
        {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},
        {0xff00, 0xff60},
        {0xffe0, 0xffe6},
        {0x1f300, 0x1faff},
        {0x20000, 0x3fffd}
    };

    private Texts() {}

    /** {@code 1 file}, {@code 12,345 files}. */
    static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d", number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** Always four columns and a sign, so that the line does not jump; 100 only when it is all. */
    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%3d %%", (int) (fraction * 100));
    }

    /** Columns taken on a terminal: East Asian wide characters take two, combining marks none. */
    static int width(String text) {
        return text.codePoints().map(Texts::width).sum();
    }

    private static int width(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        for (int[] range : WIDE) {
            if (point >= range[0] && point <= range[1]) {
                return 2;
            }
        }
        return 1;
    }

    /** Cut at the end. */
    static String cut(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        int room = Math.max(0, width - ELLIPSIS.length());
        StringBuilder start = new StringBuilder();
        for (int at = 0, used = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int point = text.codePointAt(at);
            used += width(point);
            if (used > room) {
                break;
            }
            start.appendCodePoint(point);
        }
        return start + ELLIPSIS;
    }

    /** Cut at the start: the end of a path tells more. */
    static String shortenPath(String path, int width) {
        if (width(path) <= width) {
            return path;
        }
        int room = Math.max(0, width - ELLIPSIS.length());
        int from = path.length();
        for (int used = 0; from > 0; ) {
            int point = path.codePointBefore(from);
            used += width(point);
            if (used > room) {
                break;
            }
            from -= Character.charCount(point);
        }
        return ELLIPSIS + path.substring(from);
    }
}
