package dev.holdfast.keys.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * What stands in for a Vault, which cannot be had where this is built: the part of its HTTP API that key stores use, on loopback,
 * with one key-value engine, at {@code secret} unless said otherwise. {@code VaultStubTest} has an independent client library judge it. Troubles can be
 * ordered: sealed, failing, hanging, a rival who writes first.
 */
public final class VaultStub implements AutoCloseable {
    public static final String ROOT = "hvs.root-of-the-stub";
    public static final String GITHUB = "ghp_" + "a".repeat(36);
    public static final String ROLE = "role-of-the-stub";
    public static final String SECRET = "secret-of-the-stub";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final KvStub engine;
    private final String mount;
    private final String scheme;
    private final Map<String, List<String>> tokens = new ConcurrentHashMap<>(Map.of(ROOT, List.of("")));
    private final List<String> readers = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> namespaces = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger issued = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile int failureStatus = 500;
    private volatile boolean sealed;
    private volatile boolean hanging;
    private volatile boolean losingAnswers;
    private volatile Optional<Runnable> rival = Optional.empty();

    private VaultStub(boolean versioned, String mount, Optional<SSLContext> tls) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls.isPresent()) {
            HttpsServer secure = HttpsServer.create(address, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
            server = secure;
        } else {
            server = HttpServer.create(address, 0);
        }
        scheme = tls.isPresent() ? "https" : "http";
        engine = new KvStub(versioned);
        this.mount = mount;
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** With an engine of that version, 1 or 2. */
    public static VaultStub start(int version) throws IOException {
        return startAt(version, "secret/");
    }

    /** With its engine mounted there; ends with a slash. */
    static VaultStub startAt(int version, String mount) throws IOException {
        return new VaultStub(version == 2, mount, Optional.empty());
    }

    static VaultStub startWithTls(int version, SSLContext tls) throws IOException {
        return new VaultStub(version == 2, "secret/", Optional.of(tls));
    }

    public URI url() {
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort());
    }

    /** A token that may use exactly the API paths with these beginnings. */
    public void allow(String token, String... beginnings) {
        tokens.put(token, List.of(beginnings));
    }

    /** A token that may read everything, and write what {@link #allow} lets it. */
    public void allowReading(String token) {
        tokens.putIfAbsent(token, List.of());
        readers.add(token);
    }

    /** Forgets the token, as when it has lapsed. */
    public void lapse(String token) {
        tokens.remove(token);
    }

    /** Tokens that are alive. */
    public List<String> tokens() {
        return List.copyOf(tokens.keySet());
    }

    public void seal(boolean now) {
        sealed = now;
    }

    /** Answers the next requests with that status, before it looks at them. */
    void failNext(int times, int status) {
        failureStatus = status;
        failures.set(times);
    }

    /** Takes requests and answers none. */
    public void hang() {
        hanging = true;
    }

    /** Carries the next write out and then answers as if it had not. */
    void loseNextAnswer() {
        losingAnswers = true;
    }

    /** Does that right before the next write. */
    public void beforeNextWrite(Runnable deed) {
        rival = Optional.of(deed);
    }

    /** Method and path of all requests, in order. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    List<String> namespaces() {
        return List.copyOf(namespaces);
    }

    /** Writes as somebody else would; the path is that of the engine's version 1. */
    public void plant(String path, Map<String, ?> fields) {
        JsonNode data = JSON.valueToTree(fields);
        JsonNode body = engine.versioned ? JSON.createObjectNode().set("data", data) : data;
        engine.answer("POST", (engine.versioned ? "data/" : "") + path, 0, body);
    }

    /** Deletes the last version of a secret, as somebody else would. */
    void delete(String path) {
        engine.answer("DELETE", (engine.versioned ? "data/" : "") + path, 0, MissingNode.getInstance());
    }

    /** The first version is there again; of a versioned engine. */
    void undelete(String path) {
        engine.answer(
                "POST",
                "undelete/" + path,
                0,
                JSON.createObjectNode().set("versions", JSON.createArrayNode().add(1)));
    }

    /** The fields of a secret, and none when it is not there. */
    public Map<?, ?> fields(String path) {
        KvStub.Answer answer =
                engine.answer("GET", (engine.versioned ? "data/" : "") + path, 0, MissingNode.getInstance());
        ObjectNode body = answer.body() == null ? JSON.createObjectNode() : answer.body();
        JsonNode data = engine.versioned ? body.path("data").path("data") : body.path("data");
        return data.isObject() ? JSON.convertValue(data, Map.class) : Map.of();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] content = exchange.getRequestBody().readAllBytes();
            JsonNode body = content.length == 0 ? MissingNode.getInstance() : JSON.readTree(content);
            String query =
                    Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
            String path = exchange.getRequestURI().getPath();
            String method = query.contains("list=true") ? "LIST" : exchange.getRequestMethod();
            requests.add(method + " " + path);
            if (hanging) {
                closed.await();
            }
            KvStub.Answer answer =
                    path.startsWith("/v1/") ? answer(exchange, method, path.substring(4), body) : KvStub.missing();
            if (losingAnswers && method.equals("POST")) {
                losingAnswers = false;
                answer = KvStub.error(500, "internal error");
            }
            byte[] bytes = answer.body() == null ? new byte[0] : JSON.writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private KvStub.Answer answer(HttpExchange exchange, String method, String path, JsonNode body) {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return KvStub.error(failureStatus, "internal error");
        }
        if (path.equals("sys/health")) {
            ObjectNode health = JSON.createObjectNode().put("initialized", true).put("sealed", sealed);
            return new KvStub.Answer(
                    sealed ? 503 : 200, health.put("standby", false).put("version", "1.17.0"));
        }
        if (sealed) {
            return KvStub.error(503, "Vault is sealed");
        }
        if (path.startsWith("auth/") && path.endsWith("/login")) {
            return login(path, body);
        }
        String token = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Vault-Token"))
                .orElse("");
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Vault-Namespace"))
                .ifPresent(namespaces::add);
        if (!tokens.containsKey(token)) {
            return KvStub.error(403, "permission denied");
        }
        return path.startsWith("auth/token/") ? ofToken(path, token) : ofEngine(exchange, method, path, body, token);
    }

    private KvStub.Answer login(String path, JsonNode body) {
        boolean good = switch (path) {
            case "auth/github/login" -> body.path("token").asText().equals(GITHUB);
            case "auth/approle/login" ->
                body.path("role_id").asText().equals(ROLE)
                        && body.path("secret_id").asText().equals(SECRET);
            default -> false;
        };
        if (!good) {
            return path.contains("approle")
                    ? KvStub.error(400, "invalid role or secret ID")
                    : KvStub.error(
                            400, "error making API request: GET https://api.github.com/user: 401 Bad credentials");
        }
        String token = "hvs.issued-" + issued.incrementAndGet();
        tokens.put(token, List.of(""));
        ObjectNode answer = KvStub.wrapped(null);
        ObjectNode auth = answer.putObject("auth")
                .put("client_token", token)
                .put("accessor", "a-" + issued.get())
                .put("lease_duration", 2764800)
                .put("renewable", true);
        auth.putArray("policies").add("default");
        return new KvStub.Answer(200, answer);
    }

    private KvStub.Answer ofToken(String path, String token) {
        switch (path) {
            case "auth/token/lookup-self", "auth/token/renew-self" -> {
                ObjectNode data = JSON.createObjectNode()
                        .put("id", token)
                        .put("ttl", 3600)
                        .put("renewable", true)
                        .put("path", "auth/token/create");
                data.putArray("policies").add(token.equals(ROOT) ? "root" : "some-policy");
                return KvStub.data(data);
            }
            case "auth/token/revoke-self" -> {
                tokens.remove(token);
                return new KvStub.Answer(204, null);
            }
            default -> {
                return KvStub.missing();
            }
        }
    }

    private KvStub.Answer ofEngine(HttpExchange exchange, String method, String path, JsonNode body, String token) {
        String ui = "sys/internal/ui/mounts/";
        if (path.startsWith(ui)) {
            boolean ours = (path.substring(ui.length()) + "/").startsWith(mount);
            return mayUse(token, method, path) && ours
                    ? aboutMount()
                    : KvStub.error(
                            403,
                            "preflight capability check returned 403, please ensure client's policies grant access to path \""
                                    + path.substring(ui.length()) + "/\"");
        }
        if (!mayUse(token, method, path)) {
            return KvStub.error(403, "1 error occurred: * permission denied");
        }
        if (!path.startsWith(mount)) {
            return KvStub.error(404, "no handler for route \"" + path + "\". route entry not found.");
        }
        if (method.equals("POST") || method.equals("PUT")) {
            Optional<Runnable> deed = rival;
            rival = Optional.empty();
            deed.ifPresent(Runnable::run);
        }
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        int version = query.startsWith("version=") ? Integer.parseInt(query.substring(8)) : 0;
        synchronized (engine) {
            return engine.answer(method, path.substring(mount.length()), version, body);
        }
    }

    private boolean mayUse(String token, String method, String path) {
        boolean reads = method.equals("GET") || method.equals("LIST");
        return (reads && readers.contains(token))
                || tokens.getOrDefault(token, List.of()).stream().anyMatch(path::startsWith);
    }

    private KvStub.Answer aboutMount() {
        ObjectNode data = JSON.createObjectNode()
                .put("path", mount)
                .put("type", "kv")
                .put("description", "key/value secret storage");
        if (engine.versioned) {
            data.putObject("options").put("version", "2");
        } else {
            data.putNull("options");
        }
        return KvStub.data(data);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    /** Requests without those that log in or look around. */
    List<String> writes() {
        List<String> writes = new ArrayList<>(requests);
        writes.removeIf(request -> !request.startsWith("POST /v1/secret"));
        return writes;
    }
}
