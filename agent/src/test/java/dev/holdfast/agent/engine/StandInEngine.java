package dev.holdfast.agent.engine;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Answers as an engine does that has these containers, all running, and these volumes. */
final class StandInEngine implements AutoCloseable {
    private final HttpServer http;
    private final Map<String, String> containers = new LinkedHashMap<>();
    private final Map<String, String> volumes = new TreeMap<>();

    StandInEngine() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", exchange -> {
            String body = answer(exchange.getRequestURI().getPath());
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(body.isEmpty() ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        http.start();
    }

    Engine connect() {
        return Engine.connect(
                EngineAddress.parse("tcp://127.0.0.1:" + http.getAddress().getPort()));
    }

    private String answer(String path) {
        if (path.equals("/version")) {
            return "{\"ApiVersion\":\"1.44\",\"MinAPIVersion\":\"1.24\"}";
        }
        String call = path.replaceFirst("^/v1\\.44/", "");
        if (call.equals("containers/json")) {
            return containers.keySet().stream()
                    .map(id -> "{\"Id\":\"" + id + "\",\"State\":\"running\"}")
                    .collect(Collectors.joining(",", "[", "]"));
        }
        String name = call.replaceFirst("^(containers|volumes)/", "").replaceFirst("/json$", "");
        return call.startsWith("volumes/") ? volumes.getOrDefault(name, "") : containers.getOrDefault(name, "");
    }

    /** A container with one mount, of a path. */
    StandInEngine binding(String name, Path source, boolean writable) {
        return mounting(name, "{\"Type\":\"bind\",\"Source\":\"" + source + "\",\"RW\":" + writable + "}");
    }

    /** A container with one mount, of a volume. */
    StandInEngine using(String name, String volume, Path mountpoint) {
        return mounting(
                name,
                "{\"Type\":\"volume\",\"Name\":\"" + volume + "\",\"Driver\":\"local\",\"Source\":\"" + mountpoint
                        + "\",\"RW\":true}");
    }

    private StandInEngine mounting(String name, String mount) {
        containers.put(
                name,
                "{\"Id\":\"" + name + "\",\"Name\":\"/" + name + "\",\"State\":{\"Running\":true},\"Mounts\":[" + mount
                        + "]}");
        return this;
    }

    /** A volume that is a folder elsewhere. */
    StandInEngine volume(String name, Path mountpoint, Path device) {
        volumes.put(
                name,
                "{\"Name\":\"" + name + "\",\"Driver\":\"local\",\"Mountpoint\":\"" + mountpoint
                        + "\",\"Options\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"" + device + "\"}}");
        return this;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
