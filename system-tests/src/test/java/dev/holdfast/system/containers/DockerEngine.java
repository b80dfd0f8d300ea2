package dev.holdfast.system.containers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Docker engine with its own data, no network and one image, {@code box}, for as long as a test needs it; or a Podman that answers to
 * the same interface.
 */
public final class DockerEngine {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final ProcessBuilder starter;
    private Process daemon;

    private DockerEngine(Path folder, ProcessBuilder starter) throws IOException {
        this.folder = folder;
        this.starter = starter;
        this.daemon = starter.start();
    }

    /** What Podman needs where cgroups are of the hybrid kind and limits may not be raised. */
    private static final String CONTAINERS_CONF = """
            [containers]
            default_ulimits=["nofile=20000:20000","nproc=32768:32768"]
            [network]
            network_backend="netavark"
            [engine]
            runtime="runc"
            cgroup_manager="cgroupfs"
            events_logger="file"
            """;

    public static DockerEngine start(Path folder) throws Exception {
        return startUnder(List.of(), folder);
    }

    public static DockerEngine startPodman(Path folder) throws Exception {
        assumeTrue(
                isInstalled("podman") && isInstalled("runc") && isInstalled("netavark", "/usr/lib/podman"),
                "NOT RUN: needs podman, runc and netavark");
        Files.createDirectories(folder);
        Path configuration = Files.writeString(folder.resolve("containers.conf"), CONTAINERS_CONF);
        ProcessBuilder podman = new ProcessBuilder(
                "podman",
                "--root",
                folder.resolve("data").toString(),
                "--runroot",
                folder.resolve("run").toString(),
                "--tmpdir",
                folder.resolve("tmp").toString(),
                "--volumepath",
                folder.resolve("volumes").toString(),
                "system",
                "service",
                "--time=0",
                "unix://" + folder.resolve("docker.sock"));
        podman.environment().put("CONTAINERS_CONF", configuration.toString());
        return start(folder, podman);
    }

    /** Lets another program, such as {@code nsenter}, start it. */
    public static DockerEngine startUnder(List<String> starter, Path folder) throws Exception {
        assumeTrue(isInstalled("dockerd"), "NOT RUN: needs a Docker engine");
        return start(folder, docker(starter, folder));
    }

    private static DockerEngine start(Path folder, ProcessBuilder builder) throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        assumeTrue(root && isInstalled("docker"), "NOT RUN: needs root and Docker's command line");
        assumeTrue(Files.isExecutable(BUSYBOX), "NOT RUN: needs a static busybox as " + BUSYBOX);
        Files.createDirectories(folder);
        builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("dockerd.log").toFile());
        DockerEngine engine = new DockerEngine(folder, builder);
        try {
            engine.await();
            engine.makeImage();
            return engine;
        } catch (Exception | AssertionError e) {
            engine.stop();
            throw e;
        }
    }

    /** @param beside where it may be, if not on the path */
    private static boolean isInstalled(String program, String... beside) throws Exception {
        String path = String.join(":", beside);
        return new ProcessBuilder("sh", "-c", "PATH=$PATH:" + path + " command -v " + program)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static ProcessBuilder docker(List<String> starter, Path folder) {
        List<String> words = new ArrayList<>(starter);
        words.addAll(List.of(
                "dockerd",
                "-H",
                "unix://" + folder.resolve("docker.sock"),
                "--data-root",
                folder.resolve("data").toString(),
                "--exec-root",
                folder.resolve("exec").toString(),
                "--pidfile",
                folder.resolve("docker.pid").toString(),
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false"));
        return new ProcessBuilder(words);
    }

    private void await() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(socket()) || run("docker", "-H", host(), "version").exit() != 0) {
            if (!daemon.isAlive() || System.nanoTime() - deadline > 0) {
                throw new AssertionError("the engine does not start\n" + log());
            }
            // Nothing tells when a socket appears.
            Thread.sleep(20);
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("dockerd.log"));
    }

    /** Everything that busybox can do, as an image. */
    private void makeImage() throws Exception {
        Path root = folder.resolve("image");
        shell("mkdir -p " + root + "/bin " + root + "/etc " + root + "/tmp " + root + "/proc " + root + "/sys " + root
                + "/dev && cp /bin/busybox " + root + "/bin && cd " + root
                + "/bin && for a in $(./busybox --list); do [ $a = busybox ] || ln -s busybox $a; done"
                + " && echo root:x:0:0::/:/bin/sh >../etc/passwd && echo root:x:0: >../etc/group"
                + " && tar -C .. -c . | docker -H " + host() + " import -c 'ENV PATH=/bin' - box");
    }

    public Path socket() {
        return folder.resolve("docker.sock");
    }

    /** For {@code DOCKER_HOST}. */
    public String host() {
        return "unix://" + socket();
    }

    public Engine connect() {
        return Engine.connect(EngineAddress.socket(socket()));
    }

    /** Runs {@code docker ARGUMENTS} and insists that it works; what it wrote. */
    public String docker(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker", "-H", host()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new)).well();
    }

    /** Starts a container without network that does nothing but mount {@code volume} as {@code /data}. */
    public void startIdle(String name, String volume, String... options) throws Exception {
        List<String> words =
                new ArrayList<>(List.of("run", "-d", "--name", name, "--network", "none", "-v", volume + ":/data"));
        words.addAll(List.of(options));
        // The first process of a container hears SIGTERM only when it says so.
        words.addAll(List.of("box", "sh", "-c", "trap 'exit 0' TERM; sleep 600 & wait"));
        docker(words.toArray(String[]::new));
    }

    /** {@code running}, {@code paused}, {@code exited}. */
    public String state(String container) throws Exception {
        return docker("inspect", "--format", "{{.State.Status}}", container).strip();
    }

    /** The folder in which a volume's files are. */
    public Path mountpoint(String volume) throws Exception {
        return Path.of(docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume)
                .strip());
    }

    String shell(String script) throws Exception {
        return run("sh", "-c", script).well();
    }

    private record Ended(List<String> command, int exit, String said) {
        String well() {
            if (exit != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + exit + "\n" + said);
            }
            return said;
        }
    }

    private static Ended run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(List.of(command), process.waitFor(), said);
    }

    /** Removes all containers and volumes. */
    public void clear() throws Exception {
        shell("docker -H " + host() + " ps -aq | xargs -r docker -H " + host() + " rm -f; docker -H " + host()
                + " volume ls -q | xargs -r docker -H " + host() + " volume rm -f");
    }

    /** The first half of a restart; containers that run are stopped with it. */
    public void shutDown() throws Exception {
        daemon.destroy();
        if (!daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the engine does not end\n" + log());
        }
    }

    public void startAgain() throws Exception {
        daemon = starter.start();
        await();
    }

    /** Kills the containers and the engine and lets go of all it has mounted. */
    public void stop() throws Exception {
        if (daemon.isAlive()) {
            run("sh", "-c", "docker -H " + host() + " ps -aq | xargs -r docker -H " + host() + " rm -f");
            daemon.destroy();
            if (!daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                daemon.destroyForcibly().waitFor();
            }
        }
        // Podman's clean up after containers that have ended, and would mount its storage again.
        run("sh", "-c", "pkill -9 -f 'conmon.*" + folder + "/'; pkill -9 -f 'podman.*" + folder + "/'");
        run("sh", "-c", "grep -o ' " + folder + "/[^ ]*' /proc/self/mounts | sort -r | xargs -r umount -l");
    }
}
