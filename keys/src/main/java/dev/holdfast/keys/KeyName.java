package dev.holdfast.keys;

import java.util.regex.Pattern;

/**
 * The rule for names of machines and realms. They become file names and fields of space-separated lines, so they are plain:
 * 1 to 100 letters, digits, dots, underscores and dashes, and the first is a letter or a digit.
 */
public final class KeyName {
    public static final int MAX_LENGTH = 100;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private KeyName() {}

    /** Returns {@code name} when it may name a {@code what} ("machine", "realm"); else throws {@code MALFORMED}. */
    public static String require(String what, String name) {
        if (!isPlain(name)) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "'" + printable(name) + "' cannot name a " + what,
                    "Use up to " + MAX_LENGTH
                            + " letters, digits, dots, underscores and dashes, beginning with a letter or a digit.");
        }
        return name;
    }

    public static boolean isPlain(String name) {
        return PLAIN.matcher(name).matches();
    }

    private static String printable(String name) {
        String cut = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) + "..." : name;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
