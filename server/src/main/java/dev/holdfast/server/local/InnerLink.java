package dev.holdfast.server.local;

import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/** One end of a connection inside this process. The system's pipes bring order, back-pressure and an end that is noticed. */
final class InnerLink implements ByteLink {
    private final Pipe.SourceChannel in;
    private final Pipe.SinkChannel out;
    private final String peer;

    /** Both ends; closing one ends the other's stream. */
    record Pair(InnerLink agent, InnerLink server) {}

    private InnerLink(Pipe.SourceChannel in, Pipe.SinkChannel out, String peer) {
        this.in = in;
        this.out = out;
        this.peer = peer;
    }

    static Pair open(String server) throws IOException {
        Pipe up = Pipe.open();
        try {
            Pipe down = Pipe.open();
            return new Pair(
                    new InnerLink(down.source(), up.sink(), server + " (inside)"),
                    new InnerLink(up.source(), down.sink(), server + " (inside)"));
        } catch (IOException e) {
            up.sink().close();
            up.source().close();
            throw e;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return in.read(ByteBuffer.wrap(target, offset, length));
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    @Override
    public void flush() {
        // Nothing lingers.
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            in.close();
        }
    }
}
