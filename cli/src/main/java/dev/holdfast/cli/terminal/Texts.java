package dev.holdfast.cli.terminal;

import java.util.Locale;

/** Small rules of writing: numbers with their nouns, text that must fit. */
final class Texts {
    private static final String ELLIPSIS = "...";

    private Texts() {}

    /** {@code 1 file}, {@code 12,345 files}. */
    static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d", number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** Always four columns and a sign, so that the line does not jump; 100 only when it is all. */
    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%3d %%", (int) (fraction * 100));
    }

    /** Cut at the end. */
    static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - ELLIPSIS.length())) + ELLIPSIS;
    }

    /** Cut at the start: the end of a path tells more. */
    static String shortenPath(String path, int width) {
        return path.length() <= width
                ? path
                : ELLIPSIS + path.substring(path.length() - Math.max(0, width - ELLIPSIS.length()));
    }
}
