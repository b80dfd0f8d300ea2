package dev.holdfast.system.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The line between the hosts and the server: it counts what passes, stops at a {@link Gate}, and can be cut and healed. */
final class Line implements AutoCloseable {
    private final ServerSocket listening;
    private final int behind;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Gate toServer = new Gate();
    private final Gate fromServer = new Gate();
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicLong made = new AtomicLong();
    private volatile boolean isCut;

    Line(int behind) throws IOException {
        this.behind = behind;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** What hosts send towards the server. */
    Gate toServer() {
        return toServer;
    }

    Gate fromServer() {
        return fromServer;
    }

    /** How many connections are open at this moment. */
    long connections() {
        return sockets.stream().filter(socket -> !socket.isClosed()).count() / 2;
    }

    /** How many connections there have been until now. */
    long made() {
        return made.get();
    }

    /** Connections that were tried while it was cut. */
    long turnedAway() {
        return turnedAway.get();
    }

    /** Breaks all connections; new ones break at once until it is healed. */
    void cut() throws IOException {
        isCut = true;
        for (Socket socket : sockets) {
            reset(socket);
        }
        sockets.clear();
    }

    void heal() {
        isCut = false;
    }

    private static void reset(Socket socket) throws IOException {
        if (!socket.isClosed()) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket near = listening.accept();
            if (isCut) {
                turnedAway.incrementAndGet();
                reset(near);
            } else {
                connect(near);
            }
        }
    }

    private void connect(Socket near) throws IOException {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), behind);
            sockets.addAll(List.of(near, far));
            made.incrementAndGet();
            start(() -> relay(near, far, toServer));
            start(() -> relay(far, near, fromServer));
        } catch (IOException e) {
            // Nobody listens behind: the one in front shall see that too.
            reset(near);
        }
    }

    private static void relay(Socket from, Socket to, Gate gate) throws IOException, InterruptedException {
        byte[] buffer = new byte[64 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                gate.pass(n);
            }
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                // The line was cut, here or at either end: what this class is for.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
