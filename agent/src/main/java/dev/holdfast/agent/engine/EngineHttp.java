package dev.holdfast.agent.engine;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/1.1 request a connection (RFC 9112), over a socket of this machine or TCP: the JDK's own client cannot use the former. Every
 * request has a time limit, and no reply may be larger than {@value #LARGEST_REPLY} bytes.
 */
final class EngineHttp {
    private static final int LARGEST_REPLY = 64 << 20;
    private static final int LARGEST_HEAD = 64 << 10;

    private final EngineAddress address;

    EngineHttp(EngineAddress address) {
        this.address = address;
    }

    /** A reply of any status; the body is free of transfer coding. */
    record Reply(int status, byte[] body) {
        boolean ok() {
            return status >= 200 && status < 300;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Sends {@code body}, JSON, which may be empty, and waits for the whole reply. */
    Reply call(String method, String target, String body, Duration limit) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head =
                method + ' ' + target + " HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nAccept: application/json\r\n"
                        + (content.length == 0 ? "" : "Content-Type: application/json\r\n")
                        + (method.equals("POST") ? "Content-Length: " + content.length + "\r\n" : "")
                        + "\r\n";
        ByteBuffer request = ByteBuffer.allocate(head.length() + content.length);
        request.put(head.getBytes(StandardCharsets.US_ASCII)).put(content).flip();
        try (SocketChannel channel = SocketChannel.open(family());
                Selector selector = Selector.open()) {
            Deadline deadline = new Deadline(System.nanoTime() + limit.toNanos());
            connect(channel, selector, deadline);
            while (request.hasRemaining()) {
                channel.write(request);
                if (request.hasRemaining()) {
                    deadline.await(channel, selector, SelectionKey.OP_WRITE);
                }
            }
            return reply(readAll(channel, selector, deadline));
        }
    }

    private ProtocolFamily family() {
        if (address.address() instanceof UnixDomainSocketAddress) {
            return StandardProtocolFamily.UNIX;
        }
        boolean six = address.address() instanceof InetSocketAddress internet
                && internet.getAddress() instanceof java.net.Inet6Address;
        return six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    private void connect(SocketChannel channel, Selector selector, Deadline deadline) throws IOException {
        channel.configureBlocking(false);
        if (!channel.connect(address.address())) {
            try {
                do {
                    deadline.await(channel, selector, SelectionKey.OP_CONNECT);
                } while (!channel.finishConnect());
            } catch (SocketTimeoutException e) {
                throw new IOException("nothing answers there", e);
            }
        }
    }

    /** When a call must have ended, by the monotonic clock. */
    private record Deadline(long nanos) {
        void await(SocketChannel channel, Selector selector, int operation) throws IOException {
            channel.register(selector, operation);
            long left = TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
            if (left <= 0 || selector.select(left) == 0) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new java.io.InterruptedIOException("interrupted while waiting for the engine");
                }
                throw new SocketTimeoutException("the engine does not answer");
            }
            selector.selectedKeys().clear();
        }
    }

    private static byte[] readAll(SocketChannel channel, Selector selector, Deadline deadline) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(32 << 10);
        while (true) {
            int got = channel.read(buffer.clear());
            if (got < 0) {
                return all.toByteArray();
            }
            if (got == 0) {
                deadline.await(channel, selector, SelectionKey.OP_READ);
                continue;
            }
            if (all.size() + got > LARGEST_REPLY) {
                throw new IOException("the engine's reply is larger than " + (LARGEST_REPLY >> 20) + " MiB");
            }
            all.write(buffer.array(), 0, got);
        }
    }

    private static Reply reply(byte[] raw) throws IOException {
        int end = endOfHead(raw);
        String[] lines = new String(raw, 0, end, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] status = lines[0].split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("[1-5][0-9][0-9]")) {
            throw new IOException("what answers does not speak HTTP");
        }
        ByteBuffer body = ByteBuffer.wrap(raw, end + 4, raw.length - end - 4);
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i].toLowerCase(Locale.ROOT).replace(" ", "");
            if (line.equals("transfer-encoding:chunked")) {
                return new Reply(Integer.parseInt(status[1]), unchunked(body));
            }
            if (line.startsWith("content-length:")) {
                requireWhole(line.substring("content-length:".length()), body);
            }
        }
        byte[] plain = new byte[body.remaining()];
        body.get(plain);
        return new Reply(Integer.parseInt(status[1]), plain);
    }

    private static void requireWhole(String announced, ByteBuffer body) throws IOException {
        if (!announced.equals(String.valueOf(body.remaining()))) {
            throw new EOFException("the engine's reply ends early");
        }
    }

    private static int endOfHead(byte[] raw) throws IOException {
        int last = Math.min(raw.length, LARGEST_HEAD) - 4;
        for (int i = 0; i <= last; i++) {
            if (raw[i] == '\r' && raw[i + 1] == '\n' && raw[i + 2] == '\r' && raw[i + 3] == '\n') {
                return i;
            }
        }
        throw new EOFException("the engine closed the connection without a reply");
    }

    /** Chunked transfer coding, RFC 9112 section 7.1. */
    private static byte[] unchunked(ByteBuffer coded) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(coded.remaining());
        while (true) {
            String size = line(coded).replaceFirst(";.*", "").strip();
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                throw new IOException("the engine's reply has a malformed chunk");
            }
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                return plain.toByteArray();
            }
            if (length + 2 > coded.remaining()) {
                throw new EOFException("the engine's reply ends early");
            }
            byte[] chunk = new byte[length];
            coded.get(chunk);
            plain.writeBytes(chunk);
            coded.position(coded.position() + 2);
        }
    }

    private static String line(ByteBuffer in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (in.hasRemaining()) {
            char next = (char) (in.get() & 0xff);
            if (next == '\n') {
                return line.toString();
            }
            line.append(next);
        }
        throw new EOFException("the engine's reply ends early");
    }
}
