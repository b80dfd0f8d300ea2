package dev.holdfast.cli.launch;

import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.local.LocalAgent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;

/** The main job in small, for the {@link Rehearsal}: it matters only which classes it loads. */
final class MainJob {
    private static final int LARGE_BYTES = 3 << 20;
    private static final int SMALL_FILES = 40;

    /** Runs one command line. */
    interface Line {
        void run(String... words);
    }

    private MainJob() {}

    static void rehearse(Path folder, Line line) throws IOException {
        Path source = Files.createDirectories(folder.resolve("source/sub"));
        for (int i = 0; i < SMALL_FILES; i++) {
            Files.writeString(source.resolve("file" + i), "content of file " + i);
        }
        Files.write(source.resolve("large"), new byte[LARGE_BYTES]);
        Path configuration = Files.writeString(folder.resolve("holdfast.yaml"), configuration(folder, freePort()));
        Path recovery = folder.resolve("recovery");
        line.run("keygen", "--all", "--recovery-out", recovery.toString());
        line.run("--as", "s", "configure", "s", "--no-identity");
        line.run("--as", "c", "configure", "c", "--no-identity");
        Path state = folder.resolve("state");
        ServerSetup setup = new ServerSetup(
                "s",
                configuration,
                folder.resolve("keys"),
                state.resolve("s/keys"),
                folder.resolve("data"),
                state.resolve("s"),
                InstantSource.system(),
                new SecureRandom(),
                "holdfast rehearsal",
                Map.of(),
                LocalAgent.NONE);
        try (BackupServer server = BackupServer.start(setup)) {
            line.run("--as", "c", "check", "--connection");
            line.run("--as", "c", "backup", "v");
            Files.writeString(source.resolve("file1"), "changed");
            line.run("--as", "c", "backup", "v");
            line.run("--as", "c", "snapshots");
            line.run("--as", "c", "ls", "v");
            line.run(
                    "--as",
                    "c",
                    "restore",
                    "v",
                    "--to",
                    folder.resolve("target").toString(),
                    "--yes");
            line.run("--as", "s", "server", "status");
            server.stop();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String configuration(Path folder, int port) {
        return String.format(Locale.ROOT, """
                servers: [ { name: s, hostname: 127.0.0.1, port: %1$d, listen: "127.0.0.1:%1$d", data: "%2$s/data" } ]
                clients: [ { name: c, backup: [v] } ]
                volumes: [ { name: v, path: "%2$s/source" } ]
                """, port, folder);
    }
}
