package dev.holdfast.core.tree;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Names are bytes, and people read and type text. What {@link #print} shows, {@link #bytes} takes back, whatever the name: UTF-8
 * stands for itself, and bytes that are not UTF-8, characters that could fool a terminal, and the backslash stand as {@code \xNN}. A
 * backslash that begins no such escape is one.
 *
 * <p>Where text is worked on before it becomes bytes again (patterns, arguments of the program) a byte that is not UTF-8 is carried as
 * the lone surrogate U+DC80 to U+DCFF, a character that UTF-8 itself never yields (as in Python's PEP 383).
 */
public final class NameText {
    private static final int ESCAPE_CHARS = 4;
    private static final int CARRIED = 0xdc00;

    private NameText() {}

    /** The name for people. */
    public static String print(byte[] name) {
        StringBuilder out = new StringBuilder(name.length + 8);
        carried(name).codePoints().forEach(point -> {
            if (isCarried(point)) {
                escape(out, point - CARRIED);
            } else if (point == '\\' || isHarmful(point)) {
                for (byte one : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    escape(out, one & 0xff);
                }
            } else {
                out.appendCodePoint(point);
            }
        });
        return out.toString();
    }

    private static void escape(StringBuilder out, int value) {
        out.append("\\x").append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
    }

    private static boolean isHarmful(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** The name that a person means: as it was printed, as it is, or a mixture. */
    public static byte[] bytes(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            if (isEscape(text, at)) {
                appendByte(plain, text, at);
                at += ESCAPE_CHARS;
            } else {
                plain.append(text.charAt(at++));
            }
        }
        return encode(plain);
    }

    /** A byte as a character; those of UTF-8 sequences are put together when they are encoded. */
    private static void appendByte(StringBuilder plain, String text, int at) {
        int value = Integer.parseInt(text, at + 2, at + ESCAPE_CHARS, 16);
        plain.append((char) (value < 0x80 ? value : CARRIED + value));
    }

    /** A pattern in which {@code \xNN} are replaced by the characters that they mean, each quoted by a backslash. */
    public static String quoted(String pattern) {
        StringBuilder out = new StringBuilder(pattern.length());
        int at = 0;
        while (at < pattern.length()) {
            int end = at;
            while (isEscape(pattern, end)) {
                end += ESCAPE_CHARS;
            }
            if (end > at) {
                carried(bytes(pattern.substring(at, end)))
                        .codePoints()
                        .forEach(point -> out.append('\\').appendCodePoint(point));
            } else {
                // A quoting backslash takes the next character along: in \\x41 the x is only an x.
                end = Math.min(pattern.length(), at + (pattern.charAt(at) == '\\' ? 2 : 1));
                out.append(pattern, at, end);
            }
            at = end;
        }
        return out.toString();
    }

    /** Text to bytes: UTF-8, and the bytes that are carried. */
    public static byte[] encode(CharSequence text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        text.codePoints().forEach(point -> {
            if (isCarried(point)) {
                out.write(point - CARRIED);
            } else {
                out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        return out.toByteArray();
    }

    /** Whether {@code \xNN} stands there. */
    private static boolean isEscape(String text, int at) {
        return text.startsWith("\\x", at)
                && at + ESCAPE_CHARS <= text.length()
                && Character.digit(text.charAt(at + 2), 16) >= 0
                && Character.digit(text.charAt(at + 3), 16) >= 0;
    }

    /** UTF-8 as text, every other byte carried as a lone surrogate. */
    public static String carried(byte[] name) {
        StringBuilder text = new StringBuilder(name.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(name);
        CharBuffer out = CharBuffer.allocate(name.length + 1);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            text.append(out.flip());
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append((char) (CARRIED + (in.get() & 0xff)));
            }
            decoder.reset();
        }
    }

    /** Whether this character carries a byte. */
    public static boolean isCarried(int point) {
        return point >= CARRIED + 0x80 && point <= CARRIED + 0xff;
    }
}
