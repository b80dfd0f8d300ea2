package dev.holdfast.cli.command;

import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A folder with a configuration of one server, attic, and two clients, alice and bob, and the program run in it. */
final class SetupSite {
    private static final Pattern CODE = Pattern.compile("(?m)^ ?1:[^\\n]*\\n ?8:[^\\n]*\\n");

    final Path folder;
    final int port;

    SetupSite(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        Files.createDirectories(folder.resolve("photos"));
        configure("restore: [alice/photos]");
    }

    /** Writes the configuration, with that line for client bob. */
    void configure(String restore) throws IOException {
        Files.writeString(
                folder.resolve("holdfast.yaml"), """
                servers:
                  - {name: attic, hostname: 127.0.0.1, port: %d, listen: "127.0.0.1:%d", data: store}
                clients:
                  - {name: alice, backup: [photos]}
                  - {name: bob%s}
                volumes:
                  - {name: photos, path: photos}
                """.formatted(port, port, restore.isEmpty() ? "" : ", " + restore));
    }

    ProgramRun program() {
        return new ProgramRun(folder)
                .with("HOLDFAST_STATE", folder.resolve("state").toString());
    }

    ProgramRun run(String... args) {
        return program().run(args);
    }

    /** All keys made, and all three machines configured here; the recovery key as it was shown. */
    String setUp() {
        String shown = run("keygen", "--all").out();
        for (String name : new String[] {"attic", "alice", "bob"}) {
            run("configure", name, "--no-identity");
        }
        return codeIn(shown);
    }

    static String codeIn(String output) {
        Matcher code = CODE.matcher(output);
        if (!code.find()) {
            throw new AssertionError("no recovery key in: " + output);
        }
        return code.group();
    }

    Path state(String path) {
        return folder.resolve("state").resolve(path);
    }

    static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    static void narrow(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    static void widenForWriting(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    static void widen(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    }
}
