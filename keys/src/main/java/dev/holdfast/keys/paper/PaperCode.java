package dev.holdfast.keys.paper;

import dev.holdfast.keys.KeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Thirty-two bytes as fourteen numbered groups of five characters that a person can write down and type back.
 *
 * <p>The alphabet is Crockford's (no I, L, O, U). The bytes and the first three bytes of their SHA-256 make 56 symbols of five
 * bits, four to a group. The fifth symbol of group g checks the group: over GF(32) with the polynomial x^5 + x^2 + 1 it is
 * {@code a^4 s1 + a^3 s2 + a^2 s3 + a s4 + g + m}, a = 2, m the mark of its kind. The weights differ and none is zero, so one wrong
 * symbol or two swapped ones anywhere in a group are always found, and so are a group in the wrong place and a code of another kind;
 * the hash catches nearly all of the rest.
 */
public final class PaperCode {
    /** How many bytes a code stands for. */
    public static final int SECRET_BYTES = 32;

    public static final int GROUPS = 14;
    private static final int GROUP_LENGTH = 5;
    private static final int DATA_LENGTH = GROUP_LENGTH - 1;
    private static final int HASH_BYTES = 3;
    private static final int GROUPS_PER_LINE = 7;
    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    private final String name;
    private final String advice;
    private final int mark;

    /**
     * A kind of code.
     *
     * @param name what it is called in messages
     * @param advice the sentence that says what to do when one is mistyped
     * @param mark 0 or 16, by which it differs from other kinds
     */
    public PaperCode(String name, String advice, int mark) {
        this.name = name;
        this.advice = advice;
        this.mark = mark;
    }

    /** Two lines of seven groups, each group with its number. */
    public char[] print(byte[] secret) {
        byte[] symbols = spread(secret);
        char[] text = new char[GROUPS * (GROUP_LENGTH + 5)];
        int at = 0;
        for (int group = 1; group <= GROUPS; group++) {
            text[at++] = group < 10 ? ' ' : (char) ('0' + group / 10);
            text[at++] = (char) ('0' + group % 10);
            text[at++] = ':';
            for (int i = 0; i < DATA_LENGTH; i++) {
                text[at++] = ALPHABET[symbols[(group - 1) * DATA_LENGTH + i]];
            }
            text[at++] = ALPHABET[check(symbols, group)];
            text[at++] = ' ';
            text[at++] = group % GROUPS_PER_LINE == 0 ? '\n' : ' ';
        }
        Arrays.fill(symbols, (byte) 0);
        return text;
    }

    /** Reads {@link #print}'s text, however it is cased, spaced or dashed, with or without the numbers. */
    public byte[] parse(char[] text) {
        char[] plain = withoutNumbers(text);
        int[] groups = new int[GROUPS * GROUP_LENGTH];
        int count = 0;
        for (char c : plain) {
            if (Character.isWhitespace(c) || c == '-' || c == '_' || c == '.') {
                continue;
            }
            int value = valueOf(c);
            if (value < 0) {
                throw wrong("group " + (count / GROUP_LENGTH + 1) + " of the " + name
                        + " has a character that is never used");
            }
            if (count == groups.length) {
                throw wrong(name + " has more than " + groups.length + " characters");
            }
            groups[count++] = value;
        }
        requireWholeGroups(plain, count);
        Arrays.fill(plain, ' ');
        return gather(groups);
    }

    /** Blanks out "1:" to "14:"; a colon stands nowhere else. */
    private static char[] withoutNumbers(char[] text) {
        char[] plain = text.clone();
        for (int i = 0; i < plain.length; i++) {
            if (plain[i] == ':') {
                plain[i] = ' ';
                for (int j = i - 1; j >= 0 && j >= i - 2 && Character.isDigit(plain[j]); j--) {
                    plain[j] = ' ';
                }
            }
        }
        return plain;
    }

    private void requireWholeGroups(char[] plain, int count) {
        if (count == GROUPS * GROUP_LENGTH) {
            return;
        }
        int group = 0;
        int length = 0;
        for (int i = 0; i <= plain.length; i++) {
            boolean symbol = i < plain.length && valueOf(plain[i]) >= 0;
            if (symbol) {
                length++;
            } else if (length > 0) {
                group++;
                if (length != GROUP_LENGTH) {
                    throw wrong("group " + group + " of the " + name + " has " + length + " characters instead of "
                            + GROUP_LENGTH);
                }
                length = 0;
            }
        }
        throw wrong(name + " has " + group + " groups instead of " + GROUPS);
    }

    private byte[] gather(int[] typed) {
        byte[] symbols = new byte[GROUPS * DATA_LENGTH];
        for (int group = 1; group <= GROUPS; group++) {
            int from = (group - 1) * GROUP_LENGTH;
            for (int i = 0; i < DATA_LENGTH; i++) {
                symbols[(group - 1) * DATA_LENGTH + i] = (byte) typed[from + i];
            }
            if (check(symbols, group) != typed[from + DATA_LENGTH]) {
                throw wrong("group " + group + " of the " + name + " is mistyped");
            }
        }
        Arrays.fill(typed, 0);
        byte[] all = new byte[SECRET_BYTES + HASH_BYTES];
        for (int bit = 0; bit < 8 * all.length; bit++) {
            int value = symbols[bit / 5] >> (4 - bit % 5) & 1;
            all[bit / 8] |= (byte) (value << (7 - bit % 8));
        }
        byte[] secret = Arrays.copyOf(all, SECRET_BYTES);
        if (!MessageDigest.isEqual(hash(secret), Arrays.copyOfRange(all, SECRET_BYTES, all.length))) {
            throw wrong(name + " has several mistyped groups");
        }
        Arrays.fill(all, (byte) 0);
        Arrays.fill(symbols, (byte) 0);
        return secret;
    }

    private byte[] spread(byte[] secret) {
        byte[] all = Arrays.copyOf(secret, SECRET_BYTES + HASH_BYTES);
        System.arraycopy(hash(secret), 0, all, SECRET_BYTES, HASH_BYTES);
        byte[] symbols = new byte[GROUPS * DATA_LENGTH];
        for (int bit = 0; bit < 8 * all.length; bit++) {
            int value = all[bit / 8] >> (7 - bit % 8) & 1;
            symbols[bit / 5] |= (byte) (value << (4 - bit % 5));
        }
        Arrays.fill(all, (byte) 0);
        return symbols;
    }

    private int check(byte[] symbols, int group) {
        int sum = 0;
        for (int i = 0; i < DATA_LENGTH; i++) {
            sum = twice(sum ^ symbols[(group - 1) * DATA_LENGTH + i]);
        }
        return sum ^ group ^ mark;
    }

    private static int twice(int value) {
        int shifted = value << 1;
        return shifted > 31 ? shifted ^ 0b100101 : shifted;
    }

    private static int valueOf(char typed) {
        char c = Character.toUpperCase(typed);
        if (c == 'O') {
            return 0;
        }
        if (c == 'I' || c == 'L') {
            return 1;
        }
        return Arrays.binarySearch(ALPHABET, c);
    }

    private static byte[] hash(byte[] secret) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(secret), HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 does not work on this Java", e);
        }
    }

    private KeyException wrong(String message) {
        return new KeyException(
                KeyException.Reason.WRONG,
                message,
                advice + ": " + GROUPS + " groups of " + GROUP_LENGTH
                        + " characters, without the letters I, L, O and U.");
    }
}
