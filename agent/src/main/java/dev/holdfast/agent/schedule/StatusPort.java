package dev.holdfast.agent.schedule;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.core.config.Listen;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The schedule and what interrupted runs have left, for monitoring, over HTTP: {@code /status} as JSON, {@code /metrics} for Prometheus. It only tells; nothing can be
 * changed through it.
 *
 * <p>The server of the JDK (module jdk.httpserver) does for a request every few seconds what Netty would do with much more; the
 * network library stays with the transport.
 */
@AllowForbidden("com.sun.net.httpserver is a supported API of every JDK since 6, whatever its name looks like")
final class StatusPort implements Closeable {
    private static final int AT_ONCE = 2;
    private static final int WAITING = 16;
    private static final String LONGEST_SECONDS = "10";
    private static final int FOUND = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;

    private final HttpServer server;
    private final ExecutorService threads;

    private StatusPort(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    static StatusPort open(Listen listen, Supplier<HostReport> report) throws IOException {
        // Else one that asks and does not read would keep a thread for ever.
        System.setProperty("sun.net.httpserver.maxReqTime", LONGEST_SECONDS);
        System.setProperty("sun.net.httpserver.maxRspTime", LONGEST_SECONDS);
        InetSocketAddress address = listen.address()
                .map(host -> new InetSocketAddress(host, listen.port()))
                .orElseGet(() -> new InetSocketAddress(listen.port()));
        HttpServer server = HttpServer.create(address, WAITING);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, task -> {
            Thread thread = new Thread(task, "holdfast-status");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        serve(server, "/status", "application/json", () -> ReportText.json(report.get()));
        serve(server, "/metrics", "text/plain; version=0.0.4; charset=utf-8", () -> ReportText.metrics(report.get()));
        server.createContext("/", exchange -> answer(exchange, NOT_FOUND, "text/plain", "see /status and /metrics\n"));
        server.start();
        return new StatusPort(server, threads);
    }

    private static void serve(HttpServer server, String path, String type, Supplier<String> text) {
        server.createContext(path, exchange -> {
            boolean asked = exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD");
            if (!exchange.getRequestURI().getPath().equals(path)) {
                answer(exchange, NOT_FOUND, "text/plain", "see /status and /metrics\n");
            } else if (!asked) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(exchange, NOT_ALLOWED, "text/plain", "this can only be read\n");
            } else {
                answer(exchange, FOUND, type, text.get());
            }
        });
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
