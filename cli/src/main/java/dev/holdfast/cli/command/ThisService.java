package dev.holdfast.cli.command;

import dev.holdfast.cli.daemon.DetachedProcess;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.cli.notify.ServiceManager;
import dev.holdfast.cli.service.Role;
import dev.holdfast.cli.service.Service;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What systemd is to run on this machine, by its configuration and its installed keys. */
final class ThisService {
    private static final int LONGEST_SOCKET_PATH = 100;
    /** Where the launcher looks for a Java without being told. */
    private static final List<Path> KNOWN_JAVAS = List.of(Path.of("/usr/lib/jvm"), Path.of("/opt/java/openjdk"));

    private final Session session;
    private final Machine machine;
    private final Role role;
    private final Service.Manager manager;

    private ThisService(Session session, Machine machine, Role role, Service.Manager manager) {
        this.session = session;
        this.machine = machine;
        this.role = role;
        this.manager = manager;
    }

    static Service of(Session session, ServiceOptions options) {
        Machine machine = session.machine();
        Role role = options.role().orElse(machine.isServer() ? Role.SERVER : Role.AGENT);
        return new ThisService(session, machine, role, options.manager()).service();
    }

    private Service service() {
        List<Path> writes = new ArrayList<>(List.of(machine.state().folder()));
        boolean privilegedPort = false;
        Service.Reads reads = Service.Reads.VOLUMES;
        if (role == Role.SERVER) {
            Path data = machine.server().data().orElse(machine.state().data());
            if (!data.startsWith(machine.state().folder())) {
                writes.add(data);
            }
            privilegedPort = machine.server().listening().port() < 1024;
            if (machine.configuration().locals().realm(machine.name()).isEmpty()) {
                reads = Service.Reads.OWN_FILES;
            }
        } else {
            machine.host(); // a server has no schedule
            new ThisAgent(machine.state(), Optional.of(machine.configuration())).requireWork();
        }
        Service service = new Service(
                role,
                machine.name(),
                manager,
                account(),
                command(),
                environment(reads),
                reads,
                ownFiles(),
                writes,
                privilegedPort,
                ServiceManager.canBeToldHere());
        if (manager == Service.Manager.SYSTEM) {
            writes.forEach(ThisService::requireThere);
            requireReachableSocket(reads);
        }
        return service;
    }

    private List<String> command() {
        List<String> words = new ArrayList<>(List.of(
                "--path",
                machine.configuration().file().toString(),
                "--as",
                machine.name(),
                "--state",
                machine.state().stateDirectory().toString()));
        words.addAll(List.of(role == Role.SERVER ? "server" : "schedule", "run"));
        return new DetachedProcess(session.environment()).command(words);
    }

    private List<Path> ownFiles() {
        return List.of(
                Path.of(command().get(0)),
                Path.of(System.getProperty("java.home")),
                machine.configuration().file(),
                machine.configuration().keys(),
                machine.state().stateDirectory());
    }

    /** Nothing secret may be in it: everybody can read units. */
    private Map<String, String> environment(Service.Reads reads) {
        Map<String, String> environment = new HashMap<>();
        if (manager == Service.Manager.SYSTEM) {
            environment.put("XDG_CACHE_HOME", machine.state().cache().toString());
        }
        Path java = Path.of(System.getProperty("java.home"));
        if (session.environment().containsKey("JAVA_HOME")
                || KNOWN_JAVAS.stream().noneMatch(java::startsWith)) {
            environment.put("JAVA_HOME", java.toString());
        }
        copy("HOLDFAST_JAVA_OPTS", environment);
        if (reads == Service.Reads.VOLUMES) {
            copy("DOCKER_HOST", environment);
        }
        return environment;
    }

    private void copy(String name, Map<String, String> environment) {
        String value = session.environment().getOrDefault(name, "");
        if (!value.isEmpty()) {
            environment.put(name, value);
        }
    }

    /** Whoever owns the state folder: nobody else may read the private keys in it. */
    private Optional<String> account() {
        if (manager == Service.Manager.USER) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.getOwner(machine.state().folder()).getName())
                    .filter(owner -> !owner.equals("root"));
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "cannot tell who owns " + machine.state().folder() + ": " + e.getMessage(),
                            "Run it as the user who may look into it."),
                    e);
        }
    }

    private static void requireThere(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "there is no folder " + folder + ", in which the service is to write",
                            "Make it, for the user who is to own it: `install -d -m 700 -o USER " + folder + "`.")
                    .asException();
        }
    }

    /** With a temporary folder of its own nobody would find a socket that lies there. */
    private void requireReachableSocket(Service.Reads reads) {
        StateFolder state = machine.state();
        int bytes = state.controlSocket().toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8).length;
        if (reads == Service.Reads.OWN_FILES && bytes > LONGEST_SOCKET_PATH) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "the path of the state folder, " + state.folder() + ", is too long for a service",
                            "Choose a shorter one with --state, and run `holdfast configure " + machine.name()
                                    + "` for it.")
                    .asException();
        }
    }
}
