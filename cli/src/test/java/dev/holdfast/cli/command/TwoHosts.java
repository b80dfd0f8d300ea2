package dev.holdfast.cli.command;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.cli.terminal.SettableClock;
import dev.holdfast.keys.bundle.Bundle;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.local.LocalAgent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A whole site in one folder and one process: server {@code attic} on a loopback port, hosts {@code alice} (volumes photos and mail)
 * and {@code bob} (may restore photos of anybody, and has its own volume papers). One clock for all.
 */
final class TwoHosts implements AutoCloseable {
    private static final List<String> MACHINES = List.of("attic", "alice", "bob");

    final SettableClock clock = new SettableClock();
    private final Path folder;
    private BackupServer server;

    TwoHosts(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("holdfast.yaml"), configuration(freePort()));
        makeKeys();
        server = start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String configuration(int port) {
        return String.format(Locale.ROOT, """
                servers:
                  - { name: attic, hostname: 127.0.0.1, port: %1$d, listen: "127.0.0.1:%1$d", data: "%2$s/data" }
                clients:
                  - { name: alice, backup: [photos, mail], volume_root: "%2$s/alice", restore: [] }
                  - { name: bob, backup: [papers], volume_root: "%2$s/bob", restore: [photos] }
                volumes:
                  - { name: photos }
                  - { name: mail }
                  - { name: papers, exclude: ["*.tmp"] }
                """, port, folder);
    }

    private void makeKeys() {
        DirectoryKeyStore store = new DirectoryKeyStore(folder.resolve("keys"));
        RealmMembers realm = new RealmMembers("default", List.of("alice", "bob"), List.of());
        try (KeyPlan plan = new KeyGeneration(store, new SecureRandom()).plan(MACHINES, List.of(realm))) {
            plan.commit();
        }
        for (String machine : MACHINES) {
            try (Bundle bundle = Bundle.of(store, machine, MACHINES, List.of("default"))) {
                bundle.installInto(new DirectoryKeyStore(state(machine).keys()));
            }
        }
    }

    private BackupServer start() {
        StateFolder state = state("attic");
        return BackupServer.start(new ServerSetup(
                "attic",
                folder.resolve("holdfast.yaml"),
                folder.resolve("keys"),
                state.keys(),
                folder.resolve("data"),
                state.folder(),
                clock,
                new SecureRandom(),
                "test",
                Map.of(),
                LocalAgent.NONE));
    }

    /** Stops the server, lets {@code meanwhile} change its data, starts it again. */
    void restart(Change meanwhile) throws IOException {
        server.close();
        meanwhile.apply(folder.resolve("data"));
        server = start();
    }

    interface Change {
        void apply(Path data) throws IOException;
    }

    /** Another server in the configuration, {@code annex}, which a host cannot ask. */
    void addSilentServer(String host) throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        String annex = "servers:\n  - { name: annex, hostname: 127.0.0.1, port: 1, data: /nowhere }\n";
        Files.writeString(file, Files.readString(file).replace("servers:\n", annex));
        Path keys = state(host).keys().resolve("machines");
        Path annexKeys = Files.createDirectories(keys.resolve("annex"));
        try (Stream<Path> all = Files.list(keys.resolve("attic"))) {
            for (Path key : all.toList()) {
                Files.copy(key, annexKeys.resolve(key.getFileName()));
            }
        }
    }

    StateFolder state(String machine) {
        return new StateFolder(folder.resolve("state"), machine);
    }

    Path volume(String host, String volume) {
        return folder.resolve(host).resolve(volume);
    }

    /** Writes a file last modified on New Year's Day. */
    Path write(String host, String volume, String path, String text) throws IOException {
        return write(host, volume, path, text, Instant.parse("2026-01-01T10:20:30Z"));
    }

    Path write(String host, String volume, String path, String text, Instant modified) throws IOException {
        Path file = volume(host, volume).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(modified));
        return file;
    }

    /** The program as run on a host by somebody in Berlin. */
    ProgramRun on(String host) {
        return new ProgramRun(folder)
                .with("HOLDFAST_AS", host)
                .with("HOLDFAST_STATE", folder.resolve("state").toString())
                .with("TZ", "Europe/Berlin")
                .at(clock);
    }

    /** Backs up and lets a day pass; the id of the snapshot. */
    String backUp(String host, String volume) {
        ProgramRun run = on(host).run("backup", volume, "--json", "--progress=none");
        if (run.exitCode() != 0) {
            throw new AssertionError(run.err());
        }
        clock.advance(Duration.ofDays(1));
        return field(run.out(), "snapshot_id");
    }

    /** The text of the first field of that name. */
    static String field(String json, String name) {
        int start = json.indexOf("\"" + name + "\":\"") + name.length() + 4;
        return json.substring(start, json.indexOf('"', start));
    }

    @Override
    public void close() {
        server.close();
    }
}
