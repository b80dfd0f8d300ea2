package dev.holdfast.system.site;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.system.containers.DockerEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The image of the agent, made from this build's distribution as its users make it, and containers of it. Its base comes from no
 * registry but is made of the Java of this machine by the script that ships for such places; it is kept under {@code target}, since
 * making it takes long.
 */
final class AgentImage {
    private static final Path JAVA = Path.of(System.getProperty("java.home"));
    private static final Path KEPT = Path.of("target/agent-image").toAbsolutePath();
    private static final Path SOURCE =
            Path.of("../cli/target/app/image").toAbsolutePath().normalize();
    private static final Duration LONGEST_BUILD = Duration.ofMinutes(3);

    private final DockerEngine engine;
    private final Path folder;
    private final String name;

    private AgentImage(DockerEngine engine, Path folder, String name) {
        this.engine = engine;
        this.folder = folder;
        this.name = name;
    }

    /** Makes the image and loads it into the engine. */
    static AgentImage load(DockerEngine engine, Path folder) throws Exception {
        Path tar = make(folder);
        String said = engine.docker("load", "-i", tar.toString());
        return new AgentImage(
                engine, folder, said.substring(said.indexOf(": ") + 2).strip());
    }

    /** Makes the image as a file in that folder. */
    static Path make(Path folder) throws Exception {
        Path tar = folder.resolve("agent.tar");
        String maven = System.getProperty("holdfast.maven", "");
        require(!maven.isEmpty() && Files.isExecutable(Path.of(maven)), "needs Maven, and to be started by it");
        Said said = Running.start(
                        folder,
                        Map.of("JAVA_HOME", JAVA.toString()),
                        List.of(
                                maven,
                                "-q",
                                "-B",
                                "-f",
                                SOURCE.toString(),
                                "-Dimage.base=tar://" + base(),
                                "-Dimage.tar=" + tar,
                                "-Djib.applicationCache=" + KEPT.resolve("layers"),
                                "-Djib.baseImageCache=" + KEPT.resolve("base-layers")))
                .await(LONGEST_BUILD);
        require(
                !said.everything().contains("could not be resolved"),
                "needs jib-maven-plugin, which Maven cannot get here");
        said.well();
        return tar;
    }

    private static Path base() throws Exception {
        require(Files.isExecutable(JAVA.resolve("bin/jlink")), "needs jlink in " + JAVA);
        Path script = SOURCE.resolve("base-of-this-machine.sh");
        String made = Runtime.version() + "-" + Integer.toHexString(Arrays.hashCode(Files.readAllBytes(script)));
        Path base = Files.createDirectories(KEPT).resolve("base-" + made + ".tar");
        if (!Files.exists(base)) {
            Path fresh = KEPT.resolve("fresh.tar");
            Running.start(KEPT, Map.of("JAVA_HOME", JAVA.toString()), List.of(script.toString(), fresh.toString()))
                    .await(LONGEST_BUILD)
                    .well();
            Files.move(fresh, base);
        }
        return base;
    }

    private static void require(boolean condition, String why) {
        if (!condition) {
            System.err.println("NOT TESTED: the image of the agent " + why);
        }
        assumeTrue(condition, () -> "NOT RUN: the image of the agent " + why);
    }

    /** {@code docker run} with these options, then the arguments of the program; as little may be done as the cookbook says. */
    Running start(List<String> options, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker", "-H", engine.host()));
        command.addAll(List.of(
                "run", "--network", "host", "--read-only", "--cap-drop", "ALL", "--cap-add", "DAC_READ_SEARCH"));
        command.addAll(
                List.of("--security-opt", "no-new-privileges", "-v", folder.resolve("state") + ":/var/lib/holdfast"));
        command.addAll(List.of("-v", folder.resolve("agent.yaml") + ":/etc/holdfast/holdfast.yaml:ro"));
        command.addAll(options);
        command.add(name);
        command.addAll(Arrays.asList(arguments));
        return Running.start(folder, Map.of(), command);
    }

    /** Runs a container to its end. */
    Said run(List<String> options, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--rm"));
        all.addAll(options);
        return start(all, arguments).await();
    }

    /** Gives the containers that configuration and installs the keys of {@code alice} from a bundle. */
    void configure(RealSite site) throws Exception {
        Files.writeString(
                folder.resolve("agent.yaml"),
                site.configuration()
                        .replaceAll(", volume_root: \"[^\"]*\"", "")
                        .replace(
                                "backup: [documents, pictures]",
                                "backup: [documents, pictures], schedule: { jobs:"
                                        + " [ { server: vault, volume: documents, schedule: daily at 02:00 } ] }"));
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        Trees.shell(secrets, "umask 077; echo ten bridges over a quiet river >passphrase");
        site.run(
                        "alice",
                        "keygen",
                        "alice",
                        "--bundle",
                        secrets.resolve("alice.bundle").toString(),
                        "--passphrase-file",
                        secrets.resolve("passphrase").toString())
                .well();
        // As volumes of Kubernetes are when they are fresh; there, `configure` also runs before each backup.
        Trees.shell(folder, "mkdir state && chmod 777 state");
        for (int i = 0; i < 2; i++) {
            install(secrets);
        }
    }

    private void install(Path secrets) throws Exception {
        run(
                        List.of("-v", secrets + ":/run/secrets/holdfast:ro"),
                        "configure",
                        "alice",
                        "--bundle",
                        "/run/secrets/holdfast/alice.bundle",
                        "--passphrase-file",
                        "/run/secrets/holdfast/passphrase",
                        "--no-identity")
                .well();
    }
}
