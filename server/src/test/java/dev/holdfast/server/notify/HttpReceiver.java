package dev.holdfast.server.notify;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real HTTP server that keeps what it is sent, and answers as it is told. */
final class HttpReceiver implements AutoCloseable {
    /** One request. */
    record Request(String method, String path, Headers headers, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    private interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    private HttpReceiver(HttpServer server) {
        this.server = server;
    }

    static HttpReceiver start() throws IOException {
        HttpReceiver receiver =
                new HttpReceiver(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10));
        receiver.server.createContext("/", receiver::take);
        receiver.server.setExecutor(receiver.threads);
        receiver.server.start();
        return receiver;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next request is answered so; those without any such wish with 200. */
    synchronized HttpReceiver answering(int status, String body) {
        answers.add(exchange -> answer(exchange, status, body));
        return this;
    }

    /** The next request gets no answer until this is closed. */
    synchronized HttpReceiver hanging() {
        answers.add(exchange -> {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        return this;
    }

    /** The next request is sent elsewhere. */
    synchronized HttpReceiver redirecting(String to) {
        answers.add(exchange -> {
            exchange.getResponseHeaders().add("Location", to);
            answer(exchange, 307, "");
        });
        return this;
    }

    /** The next answer goes on until nobody listens. */
    synchronized HttpReceiver talkingOn() {
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 16];
            try (OutputStream out = exchange.getResponseBody()) {
                while (closing.getCount() > 0) {
                    out.write(much);
                }
            }
        });
        return this;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body));
        Answer answer;
        synchronized (this) {
            answer = answers.isEmpty() ? one -> answer(one, 200, "") : answers.poll();
        }
        answer.give(exchange);
    }

    /** The next request that has not been looked at. */
    Request await() throws InterruptedException {
        Request request = requests.poll(30, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("nothing came");
        }
        return request;
    }

    boolean isIdle() {
        return requests.isEmpty();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
