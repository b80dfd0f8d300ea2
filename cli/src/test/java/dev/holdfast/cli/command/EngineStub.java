package dev.holdfast.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A container engine that has volumes, and containers that run: what a Docker engine answers to the calls that docs/guide/containers.md lists.
 * The files of a volume are in the folder of its name.
 */
final class EngineStub implements AutoCloseable {
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, ObjectNode> volumes = new TreeMap<>();
    /** By name; each with its mounts. */
    private final Map<String, ArrayNode> containers = new TreeMap<>();

    private final Map<String, Map<String, String>> labels = new TreeMap<>();
    private final Set<String> stopped = new TreeSet<>();
    private final Set<String> paused = new TreeSet<>();
    private final Set<String> startingSoon = new TreeSet<>();
    private final Set<String> lookedAt = new TreeSet<>();
    private final List<String> done = new ArrayList<>();
    private final Path folder;
    private final HttpServer server;

    EngineStub(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** For {@code DOCKER_HOST}. */
    String host() {
        return "tcp://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Where the files of a volume are. */
    Path data(String volume) {
        return folder.resolve(volume).resolve("_data");
    }

    synchronized boolean has(String volume) {
        return volumes.containsKey(volume);
    }

    /** Makes a volume of the driver {@code local} with these options. */
    Path make(String volume, Map<String, String> options) throws IOException {
        ObjectNode asked = json.createObjectNode().put("Name", volume).put("Driver", "local");
        options.forEach(asked.putObject("DriverOpts")::put);
        make(asked);
        return data(volume);
    }

    /** Starts a container that has a folder mounted. */
    synchronized void start(String container, Path mounted) {
        containers
                .computeIfAbsent(container, name -> json.createArrayNode())
                .addObject()
                .put("Type", "bind")
                .put("Source", mounted.toString());
    }

    /** The same of one with labels. */
    synchronized void start(String container, Path mounted, Map<String, String> itsLabels) {
        start(container, mounted);
        labels.put(container, itsLabels);
    }

    /** It does not run any more, until it is told to. */
    synchronized void stopped(String container) {
        stopped.add(container);
    }

    /** Somebody starts it right after it was listed as one that does not run. */
    synchronized void startsOnceListed(String container) {
        stopped.add(container);
        startingSoon.add(container);
    }

    /** It is paused, and stays so. */
    synchronized void paused(String container) {
        paused.add(container);
    }

    /** Which containers were looked at one by one. */
    synchronized Set<String> lookedAt() {
        return Set.copyOf(lookedAt);
    }

    /** What containers were told, such as {@code stop app}. */
    synchronized List<String> done() {
        return List.copyOf(done);
    }

    private synchronized JsonNode containers() {
        ArrayNode all = json.createArrayNode();
        containers
                .keySet()
                .forEach(name -> all.addObject()
                        .put("Id", name)
                        .put("State", stopped.contains(name) ? "exited" : "running")
                        .set("Labels", labels(name)));
        stopped.removeAll(startingSoon);
        startingSoon.clear();
        return all;
    }

    private ObjectNode labels(String container) {
        return json.valueToTree(labels.getOrDefault(container, Map.of()));
    }

    private synchronized JsonNode container(String name) {
        ObjectNode container = json.createObjectNode().put("Id", name).put("Name", "/" + name);
        container.putObject("State").put("Running", !stopped.contains(name)).put("Paused", paused.contains(name));
        container.putObject("Config").set("Labels", labels(name));
        container.set("Mounts", containers.getOrDefault(name, json.createArrayNode()));
        return container;
    }

    private synchronized ObjectNode make(JsonNode asked) throws IOException {
        String name = asked.path("Name").asText();
        ObjectNode volume = json.createObjectNode()
                .put("Name", name)
                .put("Driver", asked.path("Driver").asText())
                .put("Mountpoint", data(name).toString());
        volume.set("Options", asked.path("DriverOpts"));
        volume.set("Labels", asked.path("Labels").isMissingNode() ? json.createObjectNode() : asked.path("Labels"));
        Files.createDirectories(data(name));
        volumes.put(name, volume);
        return volume;
    }

    private void answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String path = uri.getPath().replaceFirst("^/v1\\.\\d+", "");
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (path.equals("/version")) {
            reply(
                    exchange,
                    200,
                    json.createObjectNode().put("ApiVersion", "1.44").put("MinAPIVersion", "1.24"));
        } else if (path.equals("/volumes/create")) {
            JsonNode asked = json.readTree(exchange.getRequestBody());
            if (asked.path("Name").asText().length() < 2) {
                reply(exchange, 400, message("volume name is too short, names should be at least two characters long"));
            } else {
                reply(exchange, 201, make(asked));
            }
        } else if (path.startsWith("/volumes/")) {
            volume(exchange, name);
        } else if (path.equals("/containers/json")) {
            reply(exchange, 200, containers());
        } else if (path.startsWith("/containers/") && has(path.split("/"))) {
            container(exchange, path.split("/"));
        } else if (path.startsWith("/containers/")) {
            reply(exchange, 404, message("no such container"));
        } else {
            reply(exchange, 403, message("a proxy does not let this through"));
        }
    }

    private synchronized boolean has(String[] call) {
        return containers.containsKey(call[2]);
    }

    private synchronized void container(HttpExchange exchange, String[] call) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            done.add(call[3] + " " + call[2]);
            if (call[3].equals("stop")) {
                stopped.add(call[2]);
            } else if (call[3].equals("start")) {
                stopped.remove(call[2]);
            } else if (call[3].equals("pause")) {
                paused.add(call[2]);
            } else if (call[3].equals("unpause")) {
                paused.remove(call[2]);
            }
        } else {
            lookedAt.add(call[2]);
        }
        reply(exchange, 200, container(call[2]));
    }

    private synchronized void volume(HttpExchange exchange, String name) throws IOException {
        ObjectNode volume = volumes.get(name);
        if (volume == null) {
            reply(exchange, 404, message("no such volume"));
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            volumes.remove(name);
            try (Stream<Path> files = Files.walk(folder.resolve(name))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            reply(exchange, 200, json.createObjectNode());
        } else {
            reply(exchange, 200, volume);
        }
    }

    private ObjectNode message(String text) {
        return json.createObjectNode().put("message", text);
    }

    private static void reply(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
