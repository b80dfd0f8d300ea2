package dev.holdfast.agent.engine;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where an engine listens: a socket of this machine, or a host and port. {@code shown} is how a person writes it. */
public record EngineAddress(String shown, SocketAddress address) {
    private static final String VARIABLE = "DOCKER_HOST";

    /** What to do when no engine is to be found, as the beginning of a sentence. */
    public static final String TO_FIND_ONE =
            "Start the container engine (`systemctl start docker`, with Podman `systemctl start podman.socket`), or say by "
                    + VARIABLE + " where it listens";

    private static final String PODMAN = "podman";
    private static final String DOCKER = "docker";
    private static final int UNENCRYPTED_PORT = 2375;

    public static EngineAddress socket(Path path) {
        return new EngineAddress("unix://" + path, UnixDomainSocketAddress.of(path));
    }

    /**
     * What {@code DOCKER_HOST} names, else the first socket that is there of Docker's and Podman's usual ones, those of the system
     * before those of the user.
     *
     * @throws dev.holdfast.core.problem.HoldfastException {@code USAGE} for a {@code DOCKER_HOST} that cannot be used
     */
    public static Optional<EngineAddress> find(Map<String, String> environment) {
        String said = environment.getOrDefault(VARIABLE, "");
        if (!said.isBlank()) {
            return Optional.of(parse(said.strip()));
        }
        return usual(environment).stream().filter(Files::exists).findFirst().map(EngineAddress::socket);
    }

    private static List<Path> usual(Map<String, String> environment) {
        List<Path> paths = new ArrayList<>(List.of(
                Path.of("/var/run/docker.sock"), Path.of("/run/docker.sock"), Path.of("/run/podman/podman.sock")));
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (runtime.startsWith("/")) {
            paths.add(Path.of(runtime, "docker.sock"));
            paths.add(Path.of(runtime, "podman", "podman.sock"));
        }
        return paths;
    }

    /** The command line of such an engine; Podman's sockets have its name in them. */
    public String program() {
        return shown.contains(PODMAN) ? PODMAN : DOCKER;
    }

    /** What to do when it does not answer, as the beginning of a sentence. */
    String toStart() {
        if (!isLocal()) {
            return "Start the engine there";
        }
        return "Start it: `systemctl " + whose() + "start " + (program().equals(PODMAN) ? "podman.socket" : DOCKER)
                + "`";
    }

    /** What to do when it listens but says nothing, as the beginning of a sentence. */
    String toRestart() {
        return isLocal()
                ? "It listens but says nothing; restart it: `systemctl " + whose() + "restart " + program() + "`"
                : "It listens but says nothing; restart the engine there";
    }

    private String whose() {
        return shown.contains("/run/user/") ? "--user " : "";
    }

    /** Whether it surely is of this machine. */
    boolean isLocal() {
        return address instanceof UnixDomainSocketAddress
                || (address instanceof InetSocketAddress internet
                        && internet.getAddress() != null
                        && internet.getAddress().isLoopbackAddress());
    }

    /** Reads what a person or {@link #shown} wrote; {@code USAGE} for anything else. */
    public static EngineAddress parse(String said) {
        try {
            URI uri = new URI(said);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme();
            if (scheme.equals("unix") && uri.getPath() != null && !uri.getPath().isEmpty()) {
                return socket(Path.of(uri.getPath()));
            }
            if ((scheme.equals("tcp") || scheme.equals("http")) && uri.getHost() != null) {
                int port = uri.getPort() < 0 ? UNENCRYPTED_PORT : uri.getPort();
                return new EngineAddress(said, new InetSocketAddress(uri.getHost(), port));
            }
        } catch (URISyntaxException e) {
            // Told below, like every other form that is not understood.
        }
        throw Problem.of(
                        ProblemCode.USAGE,
                        VARIABLE + "=" + said + " is no address that this program can use",
                        "Set it to unix:///path/of/the.sock or tcp://host:port, or unset it to use the socket of this"
                                + " machine's engine.")
                .asException();
    }
}
