package dev.holdfast.system.server;

import dev.holdfast.agent.transport.HostKeyPin;
import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.agent.transport.SshTarget;
import dev.holdfast.agent.transport.Timeouts;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.keys.store.StoredKeys;
import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.local.LocalAgent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The whole server {@code attic} in this process, with real SSH on a loopback port, for tests that speak the protocol by hand. Hosts
 * {@code alice} and {@code bob} may back up {@code photos} to its realm {@code default} and restore each other; {@code olga} is an operator,
 * {@code rita} a reader.
 */
final class ServerWithHosts implements AutoCloseable {
    static final String REALM = "default";
    static final String VOLUME = "photos";

    private final Path folder;
    private final int port;
    private final StoredKeys keys;
    private final BackupServer server;

    ServerWithHosts(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        configure("alice", "bob");
        DirectoryKeyStore store = new DirectoryKeyStore(folder.resolve("keys"));
        try (KeyPlan plan = new KeyGeneration(store, new SecureRandom())
                .plan(
                        List.of("attic", "alice", "bob", "olga", "rita"),
                        List.of(new RealmMembers(REALM, List.of("alice", "bob"), List.of())))) {
            plan.commit();
        }
        keys = new StoredKeys(store);
        server = BackupServer.start(new ServerSetup(
                "attic",
                folder.resolve("holdfast.yaml"),
                folder.resolve("keys"),
                folder.resolve("keys"),
                data(),
                folder.resolve("state"),
                InstantSource.system(),
                new SecureRandom(),
                "test",
                Map.of(),
                LocalAgent.NONE));
    }

    /** Writes a configuration with these hosts; the server learns of it when it is reloaded, or by itself. */
    void configure(String... clients) throws IOException {
        StringBuilder text = new StringBuilder("""
                servers:
                  - {name: attic, hostname: 127.0.0.1, port: %d, listen: "127.0.0.1:%d", data: data}
                volumes:
                  - {name: photos, path: photos}
                operators: [olga]
                readers: [rita]
                clients:
                """.formatted(port, port));
        for (String client : clients) {
            text.append("  - {name: " + client + ", backup: [photos]}\n");
        }
        Path fresh = folder.resolve("fresh");
        Files.writeString(fresh, text);
        Files.move(fresh, configuration(), StandardCopyOption.REPLACE_EXISTING);
    }

    Path configuration() {
        return folder.resolve("holdfast.yaml");
    }

    /** Where it keeps packs and logs. */
    Path data() {
        return folder.resolve("data");
    }

    BackupServer server() {
        return server;
    }

    /** Logs a host in with its key. */
    ByteLink connect(String host) {
        SshPublicKey pinned = keys.findSsh("attic").orElseThrow();
        try (MachineKeys secrets = keys.machine(host)) {
            return SshLink.open(
                    new SshTarget("attic", "127.0.0.1", port, HostKeyPin.keys(List.of(pinned), "pin the new one")),
                    host,
                    SshIdentity.of(secrets.ssh()),
                    Timeouts.standard(),
                    FlowLimits.standard());
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
