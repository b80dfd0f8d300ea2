package dev.holdfast.agent.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Names for people: UTF-8 as it is, every other byte and every control character as {@code \xff}, so that no name can forge a line. */
public final class PrintableName {
    private PrintableName() {}

    public static String of(byte[] name) {
        StringBuilder text = new StringBuilder(name.length + 8);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(name);
        CharBuffer out = CharBuffer.allocate(name.length + 1);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            append(text, out.flip());
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                appendByte(text, in.get());
            }
            decoder.reset();
        }
    }

    private static void append(StringBuilder text, CharBuffer chars) {
        chars.codePoints().forEach(c -> {
            if (c == '\\') {
                text.append("\\\\");
            } else if (c < ' ' || c == 0x7f) {
                appendByte(text, (byte) c);
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                text.append("\\u{").append(Integer.toHexString(c)).append('}');
            } else {
                text.appendCodePoint(c);
            }
        });
    }

    private static void appendByte(StringBuilder text, byte value) {
        text.append("\\x").append(Character.forDigit((value >> 4) & 15, 16)).append(Character.forDigit(value & 15, 16));
    }
}
