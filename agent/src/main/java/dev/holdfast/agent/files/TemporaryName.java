package dev.holdfast.agent.files;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names under which a restore makes things before they take their place. What a restore that did not come to its end has left
 * under such a name is nobody's file: the next restore goes on with it or removes it, and a backup passes it by.
 */
public final class TemporaryName {
    private static final String START = ".holdfast-restore-";
    private static final int HASH_BYTES = 8;
    private static final int LENGTH = START.length() + 2 * HASH_BYTES;

    private TemporaryName() {}

    /** For what is to be called {@code name}: always the same, so that a later run finds it. */
    public static byte[] of(byte[] name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name);
            String text = START + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
            return text.getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** How all of them start. */
    public static byte[] start() {
        return START.getBytes(StandardCharsets.US_ASCII);
    }

    public static boolean is(byte[] name) {
        if (name.length != LENGTH || name[0] != '.') {
            return false;
        }
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return text.startsWith(START)
                && text.chars().skip(START.length()).allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** Whether a restore may have left this; it never makes folders under such names. */
    public static boolean isLeftover(byte[] name, Status status) {
        return !status.isDirectory() && is(name);
    }
}
