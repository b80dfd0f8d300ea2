package dev.holdfast.system.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A TCP relay between an agent and a server that can cut the line, or swallow everything as a dead peer does. */
final class LocalProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final int behind;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean silent;

    LocalProxy(int behind) throws IOException {
        this.behind = behind;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on nothing passes, and nobody is told. */
    void swallow() {
        silent = true;
    }

    /** Both ends see the connection break. */
    void cut() throws IOException {
        for (Socket socket : sockets) {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket near = listening.accept();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), behind);
            sockets.add(near);
            sockets.add(far);
            start(() -> relay(near.getInputStream(), far.getOutputStream()));
            start(() -> relay(far.getInputStream(), near.getOutputStream()));
        }
    }

    private void relay(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            if (silent) {
                waitForTheEnd();
                return;
            }
            to.write(buffer, 0, n);
        }
        to.close();
    }

    private void waitForTheEnd() throws IOException {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The line was cut, here or at either end: what this class is for.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        listening.close();
        cut();
    }
}
