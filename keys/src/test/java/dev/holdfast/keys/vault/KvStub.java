package dev.holdfast.keys.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The key-value engine of {@link VaultStub}, in either version; by the documented behaviour of the HTTP API. */
final class KvStub {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What goes back: a status, and a body unless there is none. */
    record Answer(int status, @Nullable ObjectNode body) {}

    private static final class Version {
        private @Nullable JsonNode data;
        private boolean deleted;
        private boolean destroyed;

        Version(JsonNode data) {
            this.data = data;
        }
    }

    final boolean versioned;
    private final TreeMap<String, List<Version>> secrets = new TreeMap<>();

    KvStub(boolean versioned) {
        this.versioned = versioned;
    }

    Answer answer(String method, String path, int wantedVersion, JsonNode body) {
        return versioned ? versioned(method, path, wantedVersion, body) : plain(method, path, body);
    }

    private Answer plain(String method, String path, JsonNode body) {
        return switch (method) {
            case "LIST" -> list(path);
            case "GET" -> {
                List<Version> found = secrets.get(path);
                yield found == null ? missing() : data(found.get(0).data);
            }
            case "POST", "PUT" -> {
                secrets.put(path, new ArrayList<>(List.of(new Version(body))));
                yield new Answer(204, null);
            }
            case "DELETE" -> {
                secrets.remove(path);
                yield new Answer(204, null);
            }
            default -> error(405, "unsupported operation");
        };
    }

    private Answer versioned(String method, String path, int wantedVersion, JsonNode body) {
        int slash = path.indexOf('/');
        String kind = slash < 0 ? path : path.substring(0, slash);
        String secret = slash < 0 ? "" : path.substring(slash + 1);
        return switch (kind) {
            case "data" ->
                switch (method) {
                    case "GET" -> read(secret, wantedVersion);
                    case "POST", "PUT" -> write(secret, body);
                    case "DELETE" -> mark(secret, List.of(latest(secret)), (version) -> version.deleted = true);
                    default -> error(405, "unsupported operation");
                };
            case "metadata" -> metadata(method, secret);
            case "delete" -> mark(secret, versions(body), version -> version.deleted = true);
            case "undelete" -> mark(secret, versions(body), version -> version.deleted = false);
            case "destroy" ->
                mark(secret, versions(body), version -> {
                    version.destroyed = true;
                    version.data = null;
                });
            default -> wrongPath();
        };
    }

    private Answer metadata(String method, String secret) {
        if (method.equals("LIST")) {
            return list(secret);
        }
        if (method.equals("DELETE")) {
            secrets.remove(secret);
            return new Answer(204, null);
        }
        List<Version> found = secrets.get(secret);
        if (found == null) {
            return missing();
        }
        ObjectNode data = JSON.createObjectNode().put("current_version", found.size());
        ObjectNode all = data.putObject("versions");
        for (int number = 1; number <= found.size(); number++) {
            all.set(String.valueOf(number), about(found.get(number - 1), number));
        }
        return data(data);
    }

    private Answer read(String secret, int wanted) {
        List<Version> found = secrets.get(secret);
        int number = wanted == 0 ? latest(secret) : wanted;
        if (found == null || number > found.size()) {
            return missing();
        }
        Version version = found.get(number - 1);
        boolean gone = version.deleted || version.destroyed;
        ObjectNode data = JSON.createObjectNode();
        data.set("data", gone ? null : version.data);
        data.set("metadata", about(version, number));
        return new Answer(gone ? 404 : 200, wrapped(data));
    }

    private Answer write(String secret, JsonNode body) {
        if (!body.path("data").isObject()) {
            return error(400, "no data provided");
        }
        JsonNode cas = body.path("options").path("cas");
        if (cas.isNumber() && cas.asInt() != latest(secret)) {
            return error(400, "check-and-set parameter did not match the current version");
        }
        Version version = new Version(body.path("data"));
        List<Version> all = secrets.computeIfAbsent(secret, name -> new ArrayList<>());
        all.add(version);
        return data(about(version, all.size()));
    }

    private interface Marking {
        void of(Version version);
    }

    private Answer mark(String secret, List<Integer> numbers, Marking marking) {
        List<Version> found = secrets.getOrDefault(secret, List.of());
        for (int number : numbers) {
            if (number >= 1 && number <= found.size()) {
                marking.of(found.get(number - 1));
            }
        }
        return new Answer(204, null);
    }

    private static List<Integer> versions(JsonNode body) {
        List<Integer> numbers = new ArrayList<>();
        body.path("versions").forEach(number -> numbers.add(number.asInt()));
        return numbers;
    }

    private int latest(String secret) {
        return secrets.getOrDefault(secret, List.of()).size();
    }

    private static ObjectNode about(Version version, int number) {
        ObjectNode about = JSON.createObjectNode()
                .put("created_time", "2026-11-20T12:00:00.000000000Z")
                .put("deletion_time", version.deleted ? "2026-11-20T12:00:01.000000000Z" : "")
                .put("destroyed", version.destroyed)
                .put("version", number);
        about.putNull("custom_metadata");
        return about;
    }

    private Answer list(String folder) {
        String before = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
        TreeSet<String> names = new TreeSet<>();
        for (String path : secrets.keySet()) {
            if (path.startsWith(before)) {
                String rest = path.substring(before.length());
                int slash = rest.indexOf('/');
                names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
            }
        }
        if (names.isEmpty()) {
            return missing();
        }
        ObjectNode data = JSON.createObjectNode();
        ArrayNode keys = data.putArray("keys");
        names.forEach(keys::add);
        return data(data);
    }

    static Answer data(@Nullable JsonNode data) {
        return new Answer(200, wrapped(data));
    }

    static ObjectNode wrapped(@Nullable JsonNode data) {
        ObjectNode body = JSON.createObjectNode()
                .put("request_id", "d8ee4a4f-0000-4000-8000-1234567890ab")
                .put("lease_id", "")
                .put("renewable", false)
                .put("lease_duration", 2764800);
        body.set("data", data);
        body.putNull("wrap_info");
        body.putNull("warnings");
        body.putNull("auth");
        return body;
    }

    private static Answer wrongPath() {
        ObjectNode body = wrapped(null);
        body.putArray("warnings")
                .add("Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API"
                        + " endpoints to use. If using the Vault CLI, use 'vault kv get' for this operation.");
        return new Answer(404, body);
    }

    static Answer missing() {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("errors");
        return new Answer(404, body);
    }

    static Answer error(int status, String message) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("errors").add(message);
        return new Answer(status, body);
    }
}
