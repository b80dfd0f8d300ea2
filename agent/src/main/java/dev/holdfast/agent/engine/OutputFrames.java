package dev.holdfast.agent.engine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The stream in which an engine mixes a command's two outputs: frames of one byte for the stream, three zeros, a length as u32
 * big-endian, and that many bytes.
 */
final class OutputFrames {
    private static final int HEAD = 8;
    private static final int TAIL = 2000;

    private OutputFrames() {}

    /** The last of both outputs, in the order in which they came. */
    static String tail(byte[] stream) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(stream);
        while (in.remaining() >= HEAD) {
            in.getInt();
            int length = Math.min(Math.max(0, in.getInt()), in.remaining());
            text.write(stream, in.position(), length);
            in.position(in.position() + length);
        }
        String all = text.toString(StandardCharsets.UTF_8).strip();
        return all.length() <= TAIL ? all : all.substring(all.length() - TAIL);
    }
}
