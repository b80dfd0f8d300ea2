package dev.holdfast.core.config;

import dev.holdfast.core.tree.NameText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One component of a pattern against one name. Characters are code points; a byte that is not part of well-formed UTF-8 counts as a
 * character of its own, which a pattern can say as {@code \xNN} (see {@link NameText}). Plain names and the common {@code *.ext} are compared as bytes.
 */
final class NamePattern {
    static final NamePattern ANY = compile("*");

    private static final int STAR = -1;
    private static final int ANY_ONE = -2;
    private static final int SET = -3;
    /** Added to a stray byte: {@link NameText} carries it so, too. */
    private static final int STRAY = 0xdc00;

    private enum Form {
        LITERAL,
        SUFFIX,
        GENERAL
    }

    private final Form form;
    private final byte[] literal;
    private final int[] tokens;
    private final CharacterSet[] sets;

    private NamePattern(Form form, byte[] literal, int[] tokens, CharacterSet[] sets) {
        this.form = form;
        this.literal = literal;
        this.tokens = tokens;
        this.sets = sets;
    }

    /** The ranges of one {@code [...]}: pairs of first and last. */
    private static final class CharacterSet {
        private final boolean negated;
        private final int[] ranges;

        CharacterSet(boolean negated, int[] ranges) {
            this.negated = negated;
            this.ranges = ranges;
        }

        boolean contains(int character) {
            for (int i = 0; i < ranges.length; i += 2) {
                if (character >= ranges[i] && character <= ranges[i + 1]) {
                    return !negated;
                }
            }
            return negated;
        }
    }

    static NamePattern compile(String text) {
        int[] points = NameText.quoted(text).codePoints().toArray();
        int[] tokens = new int[points.length];
        CharacterSet[] sets = new CharacterSet[points.length];
        int count = 0;
        for (int i = 0; i < points.length; i++) {
            int point = points[i];
            if (point == 0) {
                throw new IllegalArgumentException("a NUL character, which no path contains");
            } else if (point == '*') {
                if (count == 0 || tokens[count - 1] != STAR) {
                    tokens[count++] = STAR;
                }
            } else if (point == '?') {
                tokens[count++] = ANY_ONE;
            } else if (point == '[') {
                int close = close(points, i);
                sets[count] = set(points, i + 1, close);
                tokens[count++] = SET;
                i = close;
            } else if (point == '\\') {
                i++;
                if (i == points.length) {
                    throw new IllegalArgumentException("a '\\' with nothing after it");
                }
                tokens[count++] = points[i];
            } else {
                tokens[count++] = point;
            }
        }
        return of(Arrays.copyOf(tokens, count), Arrays.copyOf(sets, count));
    }

    private static NamePattern of(int[] tokens, CharacterSet[] sets) {
        boolean suffix = tokens.length > 0 && tokens[0] == STAR;
        int from = suffix ? 1 : 0;
        StringBuilder plain = new StringBuilder();
        for (int i = from; i < tokens.length; i++) {
            if (tokens[i] < 0) {
                return new NamePattern(Form.GENERAL, new byte[0], tokens, sets);
            }
            plain.appendCodePoint(tokens[i]);
        }
        byte[] literal = NameText.encode(plain);
        return new NamePattern(suffix ? Form.SUFFIX : Form.LITERAL, literal, tokens, sets);
    }

    /** The position of the bracket that closes the set opened at {@code open}. */
    private static int close(int[] points, int open) {
        int i = open + 1;
        if (i < points.length && (points[i] == '!' || points[i] == '^')) {
            i++;
        }
        if (i < points.length && points[i] == ']') {
            i++;
        }
        while (i < points.length && points[i] != ']') {
            i += points[i] == '\\' ? 2 : 1;
        }
        if (i >= points.length) {
            throw new IllegalArgumentException("a '[' that is never closed");
        }
        return i;
    }

    private static CharacterSet set(int[] points, int from, int close) {
        boolean negated = points[from] == '!' || points[from] == '^';
        List<Integer> ranges = new ArrayList<>();
        int i = negated ? from + 1 : from;
        while (i < close) {
            i += points[i] == '\\' ? 1 : 0;
            int first = points[i++];
            int last = first;
            if (i + 1 < close && points[i] == '-') {
                i += points[i + 1] == '\\' ? 2 : 1;
                last = points[i++];
            }
            if (last < first) {
                throw new IllegalArgumentException("a range that runs backwards in '[...]'");
            }
            ranges.add(first);
            ranges.add(last);
        }
        return new CharacterSet(
                negated, ranges.stream().mapToInt(Integer::intValue).toArray());
    }

    boolean matches(byte[] path, int from, int to) {
        return switch (form) {
            case LITERAL -> Arrays.equals(path, from, to, literal, 0, literal.length);
            case SUFFIX ->
                to - from >= literal.length && Arrays.equals(path, to - literal.length, to, literal, 0, literal.length);
            case GENERAL -> matchesGeneral(path, from, to);
        };
    }

    /** Only the latest star is ever widened, so the cost is at most name times pattern. */
    private boolean matchesGeneral(byte[] path, int from, int to) {
        int at = from;
        int token = 0;
        int retryToken = -1;
        int retryAt = -1;
        while (at < to || token < tokens.length) {
            if (token < tokens.length && tokens[token] == STAR) {
                retryToken = ++token;
                retryAt = at;
                continue;
            }
            if (at < to && token < tokens.length && accepts(token, character(path, at, to))) {
                at += length(path, at, to);
                token++;
            } else if (retryToken >= 0 && retryAt < to) {
                retryAt += length(path, retryAt, to);
                at = retryAt;
                token = retryToken;
            } else {
                return false;
            }
        }
        return true;
    }

    private boolean accepts(int token, int character) {
        int wanted = tokens[token];
        return wanted == ANY_ONE || (wanted == SET ? sets[token].contains(character) : wanted == character);
    }

    private static int character(byte[] path, int at, int to) {
        int length = length(path, at, to);
        int first = path[at] & 0xff;
        if (length == 1) {
            return first < 0x80 ? first : STRAY + first;
        }
        int point = first & (0xff >> (length + 1));
        for (int i = 1; i < length; i++) {
            point = (point << 6) | (path[at + i] & 0x3f);
        }
        return point;
    }

    /** Bytes of the UTF-8 sequence that starts here; 1 for a stray byte. */
    private static int length(byte[] path, int at, int to) {
        int first = path[at] & 0xff;
        int length = first >= 0xc2 && first < 0xe0
                ? 2
                : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 1;
        if (at + length > to) {
            return 1;
        }
        for (int i = 1; i < length; i++) {
            if ((path[at + i] & 0xc0) != 0x80) {
                return 1;
            }
        }
        return length;
    }
}
