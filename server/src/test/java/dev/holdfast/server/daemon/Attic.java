package dev.holdfast.server.daemon;

import dev.holdfast.server.local.LocalAgent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/** A server {@code attic} with a client {@code alice}, whose configuration, keys, data and state are in one folder. */
final class Attic {
    private Attic() {}

    /** Writes the configuration; the folder {@code keys} is the caller's to fill. */
    static ServerSetup in(Path folder) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path configuration = folder.resolve("holdfast.yaml");
        Files.writeString(configuration, """
                servers:
                  - {name: attic, hostname: 127.0.0.1, port: %d, listen: "127.0.0.1:%d", data: data}
                volumes:
                  - {name: photos, path: photos}
                clients:
                  - {name: alice, backup: [photos]}
                """.formatted(port, port));
        Path keys = folder.resolve("keys");
        return new ServerSetup(
                "attic",
                configuration,
                keys,
                keys,
                folder.resolve("data"),
                folder.resolve("state"),
                InstantSource.system(),
                new SecureRandom(),
                "test",
                Map.of(),
                LocalAgent.NONE);
    }
}
