package dev.holdfast.server.notify;

import dev.holdfast.core.problem.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Sends one HTTP request and understands the answer. Redirects are not followed: headers with secrets would go where nobody has sent
 * them. Of an answer, no more is read than a message about it needs.
 */
final class HttpPost {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_READ = 2048;
    private static final int MOST_QUOTED = 160;
    /** What is wrong with this one request; everything else may be mended, and is tried again. */
    private static final List<Integer> FOR_GOOD = List.of(400, 413, 414, 415, 422, 431);

    private final Optional<Path> ca;
    private final Duration patience;
    private Optional<HttpClient> client = Optional.empty();

    HttpPost(Optional<Path> ca, Duration patience) {
        this.ca = ca;
        this.patience = patience;
    }

    private synchronized HttpClient client() throws Undelivered {
        if (client.isEmpty()) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(patience);
            if (ca.isPresent()) {
                builder.sslContext(Trust.in(ca.get()));
            }
            client = Optional.of(builder.build());
        }
        return client.get();
    }

    /** The secret parts of {@code target} are in no message. */
    void send(String method, URI target, Map<String, String> headers, byte[] body) throws Undelivered {
        String place = target.getScheme() + "://" + target.getAuthority();
        HttpRequest.Builder request = HttpRequest.newBuilder(target).method(method, BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        HttpResponse<byte[]> answer =
                exchange(request.header("User-Agent", "holdfast").build(), place);
        int status = answer.statusCode();
        if (status / 100 != 2) {
            throw refusal(place, status, answer);
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest request, String place) throws Undelivered {
        CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(request, response -> new Beginning());
        try {
            // The client's own time limit ends with the headers; this one holds for the body too.
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unreachable(place, "no answer within " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw unreachable(place, "interrupted");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw failure(place, String.valueOf(request.uri().getHost()), cause == null ? e : cause);
        }
    }

    private static Undelivered failure(String place, String host, Throwable cause) {
        if (cause instanceof SSLException) {
            return Undelivered.yet(
                    ProblemCode.UNREACHABLE,
                    place + " cannot be trusted: " + cause.getMessage(),
                    "Look at its certificate and the name in the address; name its own authority by `ca`.");
        }
        if (cause instanceof HttpConnectTimeoutException) {
            return unreachable(place, "no connection in time");
        }
        boolean unresolved = hasUnresolved(cause);
        return unreachable(place, unresolved ? "no address is known for " + host : reason(cause));
    }

    private static boolean hasUnresolved(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.nio.channels.UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        if (message == null && cause instanceof ConnectException) {
            return "connection refused"; // the client loses these words alone; other reasons come with theirs
        }
        String kind = cause.getClass().getSimpleName();
        return message == null || message.isBlank() ? kind.replace("Exception", "") : message;
    }

    private static Undelivered unreachable(String place, String reason) {
        return Undelivered.yet(
                ProblemCode.UNREACHABLE,
                place + " is not reached: " + reason,
                "Look whether it runs, and whether this machine may connect to it.");
    }

    private static Undelivered refusal(String place, int status, HttpResponse<byte[]> answer) {
        String said = PlainText.shortened(
                PlainText.line(new String(answer.body(), StandardCharsets.UTF_8))
                        .strip(),
                MOST_QUOTED);
        String message = place + " answered " + status + (said.isEmpty() ? "" : ": " + said);
        if (status / 100 == 3) {
            return Undelivered.yet(
                    ProblemCode.FAILED,
                    place + " answered " + status + ", a redirect",
                    "Redirects are not followed: write the address that it leads to.");
        }
        if (status == 401 || status == 403) {
            return Undelivered.yet(ProblemCode.DENIED, message, "Look at the token or login of the channel.");
        }
        if (status == 404 || status == 410) {
            return Undelivered.yet(ProblemCode.NOT_FOUND, message, "Look at the address of the channel.");
        }
        if (FOR_GOOD.contains(status)) {
            return Undelivered.forGood(message, "Look at the template and the address of the channel.");
        }
        return Undelivered.yet(ProblemCode.UNREACHABLE, message, "Look at the log of the receiver.");
    }

    /** Keeps the first part of a body and does not wait for the rest. */
    private static final class Beginning implements BodySubscriber<byte[]> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private Optional<Subscription> subscription = Optional.empty();

        @Override
        public CompletionStage<byte[]> getBody() {
            return result;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = Optional.of(given);
            given.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            for (ByteBuffer part : parts) {
                byte[] copy = new byte[Math.min(part.remaining(), MOST_READ - bytes.size())];
                part.get(copy);
                bytes.writeBytes(copy);
            }
            if (bytes.size() == MOST_READ) {
                subscription.ifPresent(Subscription::cancel);
                result.complete(bytes.toByteArray());
            } else {
                subscription.ifPresent(one -> one.request(1));
            }
        }

        @Override
        public void onError(Throwable failure) {
            // The status has come; what is missing is only the end of what was said.
            result.complete(bytes.toByteArray());
        }

        @Override
        public void onComplete() {
            result.complete(bytes.toByteArray());
        }
    }

    /** An address that was looked up and may be wrong. */
    static URI address(String text, String what) throws Undelivered {
        try {
            URI uri = new URI(text);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (java.net.URISyntaxException e) {
            // said below, without quoting it
        }
        throw Undelivered.yet(
                ProblemCode.CONFIG,
                what + " is no http or https address",
                "Look at what the environment variable or file of the channel's `url` holds.");
    }
}
