package dev.holdfast.keys.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.trust.Authorities;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Asks a Vault. What it answers for good reasons (2xx, 400, 404) comes back; everything else has become a {@link KeyException} by
 * {@link VaultTrouble}, after some attempts where waiting can help.
 */
final class VaultClient implements AutoCloseable {
    private static final int LONGEST_ANSWER = 16 << 20;

    private final VaultSettings settings;
    private final VaultLimits limits;
    private final VaultTrouble trouble;
    private final HttpClient http;
    private String token = "";
    private boolean ownToken;
    private boolean told;

    private VaultClient(VaultSettings settings, VaultCredentials credentials, VaultLimits limits) {
        this.settings = settings;
        this.limits = limits;
        this.trouble = new VaultTrouble(settings, credentials);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // A standby sends us on to the active one, but never from https to http.
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(limits.connect());
        settings.authorities().map(VaultClient::trusting).ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    static SSLContext trusting(Path authorities) {
        return Authorities.trusting(authorities, "the Vault's certificate authority", "`vault.ca` or VAULT_CACERT");
    }

    /** Logged in, or with the token that was given; whether that is any good shows with the first question. */
    static VaultClient open(VaultSettings settings, VaultCredentials credentials, VaultLimits limits) {
        VaultClient client = new VaultClient(settings, credentials, limits);
        switch (credentials.kind()) {
            case TOKEN -> client.token = credentials.secret();
            case GITHUB -> client.login("github", Map.of("token", credentials.secret()));
            case APPROLE ->
                client.login("approle", Map.of("role_id", credentials.role(), "secret_id", credentials.secret()));
        }
        return client;
    }

    private void login(String method, Map<String, String> proof) {
        byte[] body;
        try {
            body = VaultAnswer.JSON.writeValueAsBytes(proof);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts that is no JSON", e);
        }
        VaultAnswer answer = exchange("POST", "auth/" + method + "/login", Optional.of(body));
        JsonNode given = answer.json().path("auth").path("client_token");
        if (!answer.isGood() || !given.isTextual()) {
            throw trouble.loginRefused(method, answer);
        }
        token = given.asText();
        ownToken = true;
        answer.wipe();
    }

    VaultTrouble trouble() {
        return trouble;
    }

    /** The answer to a reading question: 2xx, 403 or 404. */
    VaultAnswer look(String path) {
        VaultAnswer answer = exchange("GET", path, Optional.empty());
        if (answer.isGood() || answer.status() == 403 || answer.status() == 404) {
            return answer;
        }
        throw trouble.unexpected("read", path, answer);
    }

    /** As {@link #look}, but whoever may not know is told why. */
    VaultAnswer read(String path) {
        VaultAnswer answer = look(path);
        if (answer.status() == 403) {
            throw trouble.denied("read", path, policies());
        }
        return answer;
    }

    /** Writes; 400 comes back too, for a check that did not hold. The body stays the caller's. */
    VaultAnswer write(String path, byte[] body) {
        VaultAnswer answer = exchange("POST", path, Optional.of(body));
        if (answer.isGood() || answer.status() == 400) {
            return answer;
        }
        throw answer.status() == 403
                ? trouble.denied("write", path, policies())
                : trouble.unexpected("write", path, answer);
    }

    /** Names of the policies of a token that is alive; empty for one that is not. */
    Optional<String> policies() {
        VaultAnswer answer = exchange("GET", "auth/token/lookup-self", Optional.empty());
        if (!answer.isGood()) {
            return Optional.empty();
        }
        StringBuilder names = new StringBuilder();
        answer.json()
                .path("data")
                .path("policies")
                .forEach(name -> names.append(names.isEmpty() ? "" : ", ").append(name.asText()));
        return Optional.of(names.toString());
    }

    private VaultAnswer exchange(String method, String path, Optional<byte[]> body) {
        long end = System.nanoTime() + limits.total().toNanos();
        for (int attempt = 1; ; attempt++) {
            long askedSeconds = 0;
            String why;
            try {
                HttpResponse<byte[]> response = send(method, path, body, left(end));
                VaultAnswer answer = new VaultAnswer(response.statusCode(), response.body());
                if (!mayPass(answer)) {
                    return checked(answer);
                }
                if (isLast(attempt, end)) {
                    throw trouble.unavailable(answer);
                }
                why = "answers with status " + answer.status();
                askedSeconds = response.headers()
                        .firstValue("Retry-After")
                        .map(VaultClient::seconds)
                        .orElse(0L);
            } catch (IOException e) {
                if (isLast(attempt, end) || VaultTrouble.isForGood(e)) {
                    throw trouble.unreachable(e, attempt);
                }
                why = VaultTrouble.reason(e);
            }
            tellOnce(why);
            await(attempt + 1, askedSeconds);
        }
    }

    private boolean isLast(int attempt, long end) {
        return attempt >= limits.attempts() || left(end).isZero();
    }

    /** At most what one answer may take. */
    private Duration left(long end) {
        long nanos = Math.max(0, end - System.nanoTime());
        return Duration.ofNanos(Math.min(nanos, limits.answer().toNanos()));
    }

    /** Whoever waits must know for what. */
    private void tellOnce(String why) {
        if (!told) {
            told = true;
            limits.notices()
                    .accept("the Vault at " + settings.url() + " keeps us waiting (" + why + "): trying again, "
                            + limits.total().toSeconds() + " s in all at most");
        }
    }

    private static long seconds(String text) {
        return text.matches("[0-9]{1,6}") ? Long.parseLong(text) : 0;
    }

    /** 412: a replica that has not seen yet what was just written. A sealed one stays so until somebody comes. */
    private static boolean mayPass(VaultAnswer answer) {
        int status = answer.status();
        boolean sealed = status == 503 && answer.complaint().contains("sealed");
        return status == 412 || status == 429 || (status >= 500 && status != 501 && !sealed);
    }

    private VaultAnswer checked(VaultAnswer answer) {
        if (!answer.isOfVault()) {
            throw trouble.notAVault(answer);
        }
        if (answer.status() == 503 || answer.status() == 501) {
            throw trouble.unavailable(answer);
        }
        return answer;
    }

    private void await(int next, long askedSeconds) {
        try {
            limits.await(next, askedSeconds);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpResponse<byte[]> send(String method, String path, Optional<byte[]> body, Duration limit)
            throws IOException {
        BodyPublisher content = body.map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody);
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.address(path))
                .method(method, content)
                .header("Accept", "application/json")
                // Proxies of Vault ask for it, against requests that were forged through a browser.
                .header("X-Vault-Request", "true");
        if (body.isPresent()) {
            request.header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("X-Vault-Token", token);
        }
        settings.namespace().ifPresent(name -> request.header("X-Vault-Namespace", name));
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request.build(), response -> new LimitedBody(LONGEST_ANSWER));
        try {
            // The client's own time limit ends with the headers; this one holds for the body too.
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw interrupted(e);
        }
    }

    private static KeyException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new KeyException(
                KeyException.Reason.UNREACHABLE,
                "interrupted while waiting for the Vault",
                "Run the same command again.",
                e);
    }

    /** A token that was made for us alone is given back; that it lapses by itself is why failing to is no problem. */
    @Override
    public void close() {
        if (!ownToken) {
            return;
        }
        ownToken = false;
        try {
            var unused = send("POST", "auth/token/revoke-self", Optional.of(new byte[] {'{', '}'}), limits.answer());
        } catch (IOException | KeyException e) {
            // It ends with its time to live.
        }
        token = "";
    }

    @Override
    public String toString() {
        return "VaultClient of " + settings.url();
    }
}
