package dev.holdfast.server.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Real TLS before a real SMTP server that has none: from the first byte, or after STARTTLS. */
final class TlsFront implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SSLContext context;
    private final int behind;
    private final boolean startTls;

    private TlsFront(SSLContext context, int behind, boolean startTls) throws IOException {
        this.context = context;
        this.behind = behind;
        this.startTls = startTls;
    }

    static TlsFront start(SSLContext context, int behind, boolean startTls) throws IOException {
        TlsFront front = new TlsFront(context, behind, startTls);
        front.threads.execute(front::accept);
        return front;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            if (startTls) {
                greet(client, server);
            }
            try (SSLSocket secure =
                    (SSLSocket) context.getSocketFactory().createSocket(client, null, client.getPort(), false)) {
                secure.setUseClientMode(false);
                threads.execute(() -> copy(server, secure));
                copy(secure, server);
            }
        } catch (IOException e) {
            // the test sees what came of it
        }
    }

    /** What is said in the clear; the greeting of the server behind is taken away, since it was given here. */
    private static void greet(Socket client, Socket server) throws IOException {
        readLine(server.getInputStream());
        say(client, "220 front");
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.toUpperCase(Locale.ROOT).startsWith("EHLO")) {
                say(client, "250-front\r\n250 STARTTLS");
            } else if (line.equalsIgnoreCase("STARTTLS")) {
                say(client, "220 go on");
                return;
            } else {
                say(client, "530 Must issue a STARTTLS command first");
            }
        }
    }

    private static void readLine(InputStream in) throws IOException {
        int read = in.read();
        while (read >= 0 && read != '\n') {
            read = in.read();
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
    }

    private static void copy(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
            to.close();
        } catch (IOException e) {
            // the other direction ends too
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
