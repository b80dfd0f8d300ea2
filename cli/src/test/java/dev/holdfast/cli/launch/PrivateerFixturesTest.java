package dev.holdfast.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.keys.vault.VaultStub;
import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.local.LocalAgent;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@code privateer.json} of each shape that its documentation shows, as the commands take it. */
final class PrivateerFixturesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DENIED = 12;
    private static final Path FIXTURES = Path.of("src/test/fixtures/privateer");

    @TempDir
    Path folder;

    static List<Path> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            return files.sorted().toList();
        }
    }

    private ProgramRun run(Path fixture, String... words) throws IOException {
        Files.writeString(folder.resolve("privateer.json"), Files.readString(fixture));
        return new ProgramRun(folder).run(words);
    }

    @Test
    void everyShapeIsThere() throws IOException {
        assertThat(fixtures()).hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void isValidAsItIs(Path fixture) throws IOException {
        ProgramRun run = run(fixture, "config", "validate");

        assertThat(run.err()).doesNotContain("[HF-");
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void isShownWithAllItsMachines(Path fixture) throws IOException {
        ProgramRun run = run(fixture, "config", "show");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).containsAnyOf("harbour", "north").contains("ship", "log");
    }

    /** With what a test machine needs: addresses, ports, folders instead of an engine's volumes, and the stub of a Vault. */
    private JsonNode onLoopback(Path fixture, VaultStub vault) throws IOException {
        JsonNode root = JSON.readTree(fixture.toFile());
        for (JsonNode server : root.path("servers")) {
            ((ObjectNode) server).put("hostname", "127.0.0.1").put("port", freePort());
        }
        for (JsonNode client : root.path("clients")) {
            String own = folder.resolve(client.path("name").asText()).toString();
            ((ObjectNode) client).put("volume_root", own);
            if (client.path("schedule").has("port")) {
                ((ObjectNode) client.path("schedule")).put("port", freePort());
            }
        }
        for (JsonNode volume : root.path("volumes")) {
            if (volume.path("local").asBoolean()) {
                String name = volume.path("name").asText();
                ((ObjectNode) volume)
                        .put("path", folder.resolve("local").resolve(name).toString());
            }
        }
        ((ObjectNode) root.path("vault")).put("url", vault.url().toString());
        Files.writeString(folder.resolve("privateer.json"), root.toPrettyString());
        return root;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private ProgramRun type(String... words) {
        return new ProgramRun(folder)
                .with("HOLDFAST_STATE", folder.resolve("state").toString())
                .with("VAULT_TOKEN", VaultStub.ROOT)
                .with("FLEET_VAULT_TOKEN", VaultStub.ROOT)
                .run(words);
    }

    private void well(String... words) {
        ProgramRun run = type(words);
        assertThat(run.exitCode())
                .as("%s: %s", String.join(" ", words), run.err())
                .isZero();
    }

    private static List<String> names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.isTextual() ? one.asText() : one.path("name").asText())
                .toList();
    }

    private Path file(String machine, String volume) throws IOException {
        return Files.createDirectories(folder.resolve(machine).resolve(volume)).resolve("note");
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void runs(Path fixture) throws Exception {
        try (VaultStub vault = VaultStub.start(2)) {
            JsonNode root = onLoopback(fixture, vault);
            List<String> servers = names(root.path("servers"));
            well("keygen", "--all");
            for (String machine : Stream.concat(servers.stream(), names(root.path("clients")).stream())
                    .toList()) {
                well("configure", machine, "--no-identity");
            }
            boolean local = root.path("volumes").findValues("local").stream().anyMatch(JsonNode::asBoolean);
            for (String server : servers) {
                try (Closeable running = local ? started(server) : startedHere(server)) {
                    assertThat(running).isNotNull();
                    backsUpAndRestores(root, server);
                }
            }
        }
    }

    private Closeable started(String server) {
        well("--as", server, "server", "start");
        return () -> type("--as", server, "server", "stop");
    }

    /** In this process, which saves seconds for each. */
    private Closeable startedHere(String server) {
        StateFolder state = new StateFolder(folder.resolve("state"), server);
        return BackupServer.start(new ServerSetup(
                server,
                folder.resolve("privateer.json"),
                state.keys(),
                state.keys(),
                state.data(),
                state.folder(),
                InstantSource.system(),
                new SecureRandom(),
                "test",
                Map.of(),
                LocalAgent.NONE))::close;
    }

    private void backsUpAndRestores(JsonNode root, String server) throws Exception {
        for (JsonNode client : root.path("clients")) {
            String name = client.path("name").asText();
            if (client.has("schedule")) {
                runsItsSchedule(name, client.path("schedule"));
            }
            for (String volume : names(client.path("backup"))) {
                Files.writeString(file(name, volume), name + volume + server);
                well("--as", name, "backup", volume, "--server", server);
                Files.delete(file(name, volume));
            }
        }
        for (JsonNode client : root.path("clients")) {
            restores(root, client, server);
        }
        for (JsonNode volume : root.path("volumes")) {
            if (volume.path("local").asBoolean()) {
                String name = volume.path("name").asText();
                Files.writeString(file("local", name), "of the server");
                well("--as", "ship", "restore", name, "--server", server, "--to-volume", "brought_back", "--yes");
                assertThat(file("ship", "brought_back")).hasContent("of the server");
            }
        }
    }

    /** All jobs are made to be overdue, which is how they fire here. */
    private void runsItsSchedule(String name, JsonNode schedule) throws Exception {
        for (JsonNode job : schedule.path("jobs")) {
            Files.writeString(file(name, job.path("volume").asText()), "as scheduled");
        }
        well("--as", name, "schedule", "start");
        try {
            well("--as", name, "schedule", "stop", "--exit");
            Path book = folder.resolve("state").resolve(name).resolve("schedule.json");
            Files.writeString(
                    book,
                    Files.readString(book)
                            .replaceAll("(\"(?:covered|next)\" : )\"[^\"]*\"", "$1\"2026-01-01T00:00:00Z\"")
                            .replace("\"paused\" : true", "\"paused\" : false"));
            well("--as", name, "schedule", "start");
            int port = schedule.path("port").asInt();
            await(name, schedule.path("jobs").size(), port);
            if (port != 0) {
                assertThat(get(port, "/metrics")).contains("holdfast_backup_overdue{host=\"" + name + "\"");
            }
        } finally {
            type("--as", name, "schedule", "stop", "--exit");
        }
    }

    /** Waits until all jobs are done, as the port says where there is one. */
    private void await(String name, int jobs, int port) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        String said;
        do {
            assertThat(System.nanoTime()).as("a minute is over").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(100);
            said = port == 0
                    ? type("--as", name, "schedule", "status", "--json").out()
                    : get(port, "/status");
        } while (said.split("\"result\" ?: ?\"done\"", -1).length - 1 < jobs);
    }

    private static String get(int port, String path) throws IOException {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What the ship has saved, as far as the lists say so, then what the client has saved itself. */
    private void restores(JsonNode root, JsonNode client, String server) throws IOException {
        String name = client.path("name").asText();
        boolean lists = !root.path("clients").findValues("restore").isEmpty();
        boolean granted =
                name.equals("ship") || !lists || names(client.path("restore")).contains("log");
        ProgramRun run = type("--as", name, "restore", "log", "--source", "ship", "--server", server, "--yes");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(granted ? 0 : DENIED);
        if (granted) {
            assertThat(file(name, "log")).hasContent("shiplog" + server);
            Files.delete(file(name, "log"));
        }
        for (String volume : names(client.path("backup"))) {
            well("--as", name, "restore", volume, "--server", server, "--yes");
            assertThat(file(name, volume)).hasContent(name + volume + server);
        }
    }

    @Test
    void aKeyThatPrivateerPassesOverIsNamed() throws IOException {
        Path fixture = FIXTURES.resolve("one-server.json");
        Files.writeString(
                folder.resolve("privateer.json"),
                Files.readString(fixture)
                        .replace("\"backup\": [\"log\"]", "\"backup\": [\"log\"], \"colour\": \"red\""));

        ProgramRun run = new ProgramRun(folder).run("config", "validate");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out() + run.err()).contains("unknown key 'colour'", "privateer.json:");
    }
}
