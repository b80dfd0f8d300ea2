package dev.holdfast.server.session;

import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A peer that says everything it has to say without waiting for answers. */
class ScriptedLink implements ByteLink {
    private final ByteArrayInputStream in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ScriptedLink(byte[] says) {
        this.in = new ByteArrayInputStream(says);
    }

    /** The bytes of these messages. */
    static byte[] saying(Message... messages) throws IOException {
        ScriptedLink recorder = new ScriptedLink(new byte[0]);
        FrameWriter writer = new FrameWriter(recorder);
        for (Message message : messages) {
            writer.write(message);
        }
        return recorder.out.toByteArray();
    }

    /** What the peer was answered. */
    List<Message> answers() throws IOException {
        FrameReader reader = new FrameReader(new ScriptedLink(out.toByteArray()));
        List<Message> answers = new ArrayList<>();
        try {
            while (true) {
                answers.add(reader.read());
            }
        } catch (EOFException e) {
            return answers;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        return in.read(target, offset, length);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        out.write(source, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public String peer() {
        return "alice (192.0.2.7:50122)";
    }

    @Override
    public void close() {}
}
