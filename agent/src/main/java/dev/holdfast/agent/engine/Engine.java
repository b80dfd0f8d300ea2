package dev.holdfast.agent.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A running Docker or Podman engine. Names and ids are passed as the engine gave them.
 *
 * <p>Every method throws {@link HoldfastException}: {@code IO} when the engine does not answer, {@code DENIED} when its
 * socket may not be used, {@code FAILED} with the engine's own words when it refuses.
 *
 * @see <a href="https://docs.docker.com/reference/api/engine/">Docker Engine API</a>
 */
public final class Engine {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration BRIEF_LIMIT = Duration.ofSeconds(3);
    private static final Duration LONGEST_STOP = Duration.ofMinutes(10);
    /** What engines take when a container says nothing. */
    private static final int USUAL_STOP_SECONDS = 10;
    /** The version that this class was written for; the calls are the same in all that engines still speak. */
    private static final ApiVersion PREFERRED = new ApiVersion(1, 44);

    private static final int FORBIDDEN = 403;
    private static final String PROXY =
            "A socket proxy must let the calls through that docs/guide/containers.md lists.";
    private static final String ENGINES_WORD = "That is what the engine itself says; its log may say more.";

    private final ObjectMapper json = new ObjectMapper();
    private final EngineAddress address;
    private final EngineHttp http;
    private final Duration limit;
    private final String prefix;
    /** The id of the container of this engine that the program runs in; empty when it runs in none. */
    private final Optional<String> own;

    private final List<EngineMount> ownMounts;

    private final String program;

    Engine(EngineAddress address, Duration limit) {
        this.address = address;
        this.limit = limit;
        this.http = new EngineHttp(address);
        JsonNode version = require(call("GET", "/version", "", limit), "tell its version");
        ApiVersion newest = ApiVersion.parse(version.path("ApiVersion").asText());
        ApiVersion oldest = ApiVersion.parse(version.path("MinAPIVersion").asText("1.12"));
        this.prefix = "/v" + PREFERRED.between(oldest, newest);
        this.program = version.path("Components").toString().contains("Podman") ? "podman" : address.program();
        Optional<JsonNode> ourselves =
                OwnContainer.ofThisProcess(System.getenv()).flatMap(this::inspect);
        this.own = ourselves.map(details -> details.path("Id").asText());
        this.ownMounts = ourselves.map(EngineMount::allOf).orElse(List.of());
    }

    /** The engine at that address, asked which version it speaks. */
    public static Engine connect(EngineAddress address) {
        return new Engine(address, LIMIT);
    }

    /** For a mere look: the same, but it must answer soon. */
    public static Engine connectBriefly(EngineAddress address) {
        return new Engine(address, BRIEF_LIMIT);
    }

    /** Whether it is there now; one that is being restarted is not. */
    public boolean answers() {
        try {
            return call("GET", "/version", "", limit).ok();
        } catch (HoldfastException e) {
            return false;
        }
    }

    public EngineAddress address() {
        return address;
    }

    /** Its command line, for hints: {@code docker} or {@code podman}. */
    public String program() {
        return program;
    }

    /** Whether its containers can have folders of this machine mounted, as far as its address tells. */
    public boolean isOfThisMachine() {
        return own.isPresent() || address.isLocal();
    }

    /** Whether this program sees the folders of the engine's machine under their own names. */
    boolean sharesNames() {
        return own.isEmpty();
    }

    /** What a folder is called on the engine's machine; empty for one that is in this program's container alone. */
    Optional<Path> onHost(Path folder) {
        return sharesNames() ? Optional.of(folder) : EngineMount.outside(ownMounts, folder);
    }

    public Optional<EngineVolume> findVolume(String name) {
        EngineHttp.Reply reply = call("GET", prefix + "/volumes/" + encoded(name), "", limit);
        return reply.status() == 404
                ? Optional.empty()
                : Optional.of(volume(require(reply, "describe volume '" + name + "'")));
    }

    /** How a volume would be that is not made yet; where its files would be, the engine decides. */
    public EngineVolume planned(String name, String driver, Map<String, String> options) {
        return new EngineVolume(name, driver, Path.of("/"), options, Map.of(), program, own.isPresent());
    }

    /** Makes a volume; the driver, options and labels of one that exists are left alone by the engine. */
    public EngineVolume createVolume(
            String name, String driver, Map<String, String> options, Map<String, String> labels) {
        ObjectNode request = json.createObjectNode().put("Name", name).put("Driver", driver);
        options.forEach(request.putObject("DriverOpts")::put);
        labels.forEach(request.putObject("Labels")::put);
        return volume(require(
                call("POST", prefix + "/volumes/create", request.toString(), limit), "make volume '" + name + "'"));
    }

    /** Removes a volume that no container mentions, with all that is in it. */
    public void removeVolume(String name) {
        requireOk(call("DELETE", prefix + "/volumes/" + encoded(name), "", limit), "remove volume '" + name + "'");
    }

    /** A container, and what it has mounted. */
    record Mounting(EngineContainer container, List<EngineMount> mounts) {}

    /** The containers of which that is wanted, the oldest first; who went down since it was listed is left out. */
    List<Mounting> mountings(Predicate<ListedContainer> wanted) {
        JsonNode found =
                require(call("GET", prefix + "/containers/json?all=1", "", limit), "list the containers that it runs");
        List<Mounting> all = new ArrayList<>();
        for (JsonNode summary : found) {
            ListedContainer listed = ListedContainer.of(summary);
            if (wanted.test(listed)) {
                inspect(listed.id())
                        .map(details -> new Mounting(container(details), EngineMount.allOf(details)))
                        .filter(mounting -> mounting.container().isAlive() || !listed.isUp())
                        .ifPresent(all::add);
            }
        }
        all.sort(Comparator.comparing(mounting -> mounting.container().created()));
        return all;
    }

    /** The containers of which that is wanted, the oldest first. */
    public List<EngineContainer> containers(Predicate<ListedContainer> wanted) {
        return mountings(wanted).stream().map(Mounting::container).toList();
    }

    /** How a container is now; empty when it is gone. */
    public Optional<EngineContainer> findContainer(String id) {
        return inspect(id).map(this::container);
    }

    private Optional<JsonNode> inspect(String id) {
        EngineHttp.Reply reply = call("GET", prefix + "/containers/" + encoded(id) + "/json", "", limit);
        return reply.status() == 404
                ? Optional.empty()
                : Optional.of(require(reply, "describe container " + brief(id)));
    }

    private EngineContainer container(JsonNode details) {
        JsonNode state = details.path("State");
        EngineContainer.State now = state.path("Paused").asBoolean()
                ? EngineContainer.State.PAUSED
                : state.path("Running").asBoolean() || state.path("Restarting").asBoolean()
                        ? EngineContainer.State.RUNNING
                        : EngineContainer.State.STOPPED;
        String id = details.path("Id").asText();
        return new EngineContainer(
                id,
                details.path("Name").asText().replaceFirst("^/", ""),
                instant(details.path("Created").asText()),
                instant(state.path("StartedAt").asText()),
                now,
                own.filter(id::equals).isPresent(),
                details.path("HostConfig").path("AutoRemove").asBoolean(),
                texts(details.path("Config").path("Labels")));
    }

    /** A time with offset and up to nine decimals; one that cannot be read sorts first. */
    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** Asks it to stop, and has it killed when it has not after the time that it was made with. */
    public void stop(EngineContainer container) {
        act(container, "stop", "stop", LONGEST_STOP);
    }

    /** How long {@link #stop} may take by what the container was made with. */
    public Duration timeToStop(EngineContainer container) {
        int seconds = inspect(container.id())
                .map(details -> details.path("Config").path("StopTimeout").asInt(USUAL_STOP_SECONDS))
                .orElse(0);
        Duration asked = Duration.ofSeconds(seconds);
        return asked.isNegative() || asked.compareTo(LONGEST_STOP) > 0 ? LONGEST_STOP : asked;
    }

    public void start(EngineContainer container) {
        act(container, "start", "start", LIMIT);
    }

    public void pause(EngineContainer container) {
        act(container, "pause", "pause", LIMIT);
    }

    public void unpause(EngineContainer container) {
        act(container, "unpause", "unpause", LIMIT);
    }

    /** 304 means that the container was already so. */
    private void act(EngineContainer container, String call, String verb, Duration limit) {
        EngineHttp.Reply reply =
                call("POST", prefix + "/containers/" + encoded(container.id()) + "/" + call, "", limit);
        if (reply.status() != 304) {
            requireOk(reply, verb + " container '" + container.name() + "'");
        }
    }

    /** What a command in a container ended with, and the last it wrote. */
    public record Executed(long exitCode, String output) {}

    /** Runs a shell command in a running container and waits for its end, at most {@code limit}. */
    public Executed execute(EngineContainer container, String command, Duration limit) {
        ObjectNode request = json.createObjectNode()
                .put("AttachStdout", true)
                .put("AttachStderr", true)
                .put("Tty", false);
        request.putArray("Cmd").add("/bin/sh").add("-c").add(command);
        String what = "run a command in container '" + container.name() + "'";
        JsonNode made = require(
                call("POST", prefix + "/containers/" + encoded(container.id()) + "/exec", request.toString(), LIMIT),
                what);
        String exec = prefix + "/exec/" + encoded(made.path("Id").asText());
        EngineHttp.Reply output = call("POST", exec + "/start", "{\"Detach\":false,\"Tty\":false}", limit);
        requireOk(output, what);
        JsonNode ended = require(call("GET", exec + "/json", "", LIMIT), what);
        return new Executed(ended.path("ExitCode").asLong(-1), OutputFrames.tail(output.body()));
    }

    private EngineVolume volume(JsonNode node) {
        return new EngineVolume(
                node.path("Name").asText(),
                node.path("Driver").asText(EngineVolume.LOCAL),
                Path.of(node.path("Mountpoint").asText("/")),
                texts(node.path("Options")),
                texts(node.path("Labels")),
                program,
                own.isPresent());
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    private EngineHttp.Reply call(String method, String target, String body, Duration limit) {
        try {
            return http.call(method, target, body, limit);
        } catch (IOException e) {
            throw new HoldfastException(unreachable(e), e);
        }
    }

    private Problem unreachable(IOException e) {
        String reason = String.valueOf(e.getMessage());
        boolean denied = e instanceof AccessDeniedException || reason.contains("Permission denied");
        return denied
                ? Problem.of(
                        ProblemCode.DENIED,
                        "the container engine at " + address.shown() + " may not be used by this user",
                        "Run as root, or as a member of the group that owns the socket.")
                : Problem.of(
                        ProblemCode.IO,
                        "the container engine at " + address.shown() + " cannot be reached: " + reason,
                        (e instanceof SocketTimeoutException ? address.toRestart() : address.toStart())
                                + ". If it listens elsewhere, set DOCKER_HOST to that: `unix:///path/of/the.sock` or"
                                + " `tcp://host:port`.");
    }

    private JsonNode require(EngineHttp.Reply reply, String what) {
        requireOk(reply, what);
        try {
            return json.readTree(reply.body());
        } catch (JsonProcessingException e) {
            throw refused(what, "its answer is not JSON", "Set DOCKER_HOST to where a container engine listens.");
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory cannot be read", e);
        }
    }

    private void requireOk(EngineHttp.Reply reply, String what) {
        if (!reply.ok()) {
            throw refused(what, message(reply), reply.status() == FORBIDDEN ? PROXY : ENGINES_WORD);
        }
    }

    private String message(EngineHttp.Reply reply) {
        try {
            return json.readTree(reply.body()).path("message").asText("it answered with status " + reply.status());
        } catch (IOException e) {
            return "it answered with status " + reply.status();
        }
    }

    private HoldfastException refused(String what, String why, String hint) {
        return Problem.of(
                        ProblemCode.FAILED,
                        "the container engine at " + address.shown() + " would not " + what + ": " + why,
                        hint)
                .asException();
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String brief(String id) {
        return id.length() <= 12 ? id : id.substring(0, 12);
    }
}
