package dev.holdfast.system.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The client everybody has, at the wrong door. */
@Timeout(60)
class OpenSshTest {
    @TempDir
    Path dir;

    @BeforeEach
    void needsOpenSsh() {
        boolean there = Files.isExecutable(Path.of("/usr/bin/ssh")) && Files.isExecutable(Path.of("/usr/bin/sftp"));
        if (!there) {
            System.err.println("NOT TESTED: OpenSSH's client against the endpoint, because /usr/bin/ssh is missing");
        }
        assumeTrue(there, "OpenSSH's client is not installed");
    }

    @Test
    void aShellIsTurnedAwayWithASentence() throws Exception {
        assertTurnedAway("/usr/bin/ssh", "-p", List.of("alice@127.0.0.1"));
    }

    @Test
    void aCommandIsTurnedAwayWithASentence() throws Exception {
        assertTurnedAway("/usr/bin/ssh", "-p", List.of("alice@127.0.0.1", "ls", "-l"));
    }

    @Test
    void sftpIsTurnedAwayWithASentence() throws Exception {
        assertTurnedAway("/usr/bin/sftp", "-P", List.of("alice@127.0.0.1"));
    }

    @Test
    void forwardingIsRefused() throws Exception {
        try (Loopback loopback = new Loopback((host, link) -> {})) {
            Outcome outcome = run(
                    loopback,
                    key(loopback.alice.keyPair()),
                    "/usr/bin/ssh",
                    "-p",
                    List.of("-W", "127.0.0.1:" + loopback.port(), "alice@127.0.0.1"));
            assertThat(outcome.status()).isNotZero();
            assertThat(outcome.text()).doesNotContain("SSH-2.0").doesNotContain("Exception");
        }
    }

    @Test
    void askingForAPortToBeForwardedBackIsRefusedWithoutANoiseInTheLog() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Level before = root.getLevel();
        root.setLevel(Level.INFO);
        root.addAppender(lines);
        try (Loopback loopback = new Loopback((host, link) -> {})) {
            Outcome outcome = run(
                    loopback,
                    key(loopback.alice.keyPair()),
                    "/usr/bin/ssh",
                    "-p",
                    List.of("-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:9", "alice@127.0.0.1"));

            assertThat(outcome.status()).isNotZero();
            assertThat(outcome.text()).containsIgnoringCase("remote port forwarding failed");
        } finally {
            root.detachAppender(lines);
            root.setLevel(before);
        }
        assertThat(lines.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    @Test
    void aPersonWhoseKeyIsUnknownLearnsWhatThisServerIs() throws Exception {
        try (Loopback loopback = new Loopback((host, link) -> {})) {
            Outcome outcome =
                    run(loopback, key(Loopback.newKey().keyPair()), "/usr/bin/ssh", "-p", List.of("alice@127.0.0.1"));
            assertThat(outcome.status()).isNotZero();
            assertThat(outcome.text()).contains("Holdfast backup server").contains("Permission denied");
        }
    }

    private void assertTurnedAway(String program, String portOption, List<String> arguments) throws Exception {
        try (Loopback loopback = new Loopback((host, link) -> {})) {
            Outcome outcome = run(loopback, key(loopback.alice.keyPair()), program, portOption, arguments);
            assertThat(outcome.status()).isNotZero();
            assertThat(outcome.text())
                    .contains("holdfast restore")
                    .doesNotContain("Exception")
                    .doesNotContain("\tat ");
        }
    }

    record Outcome(int status, String text) {}

    private Outcome run(Loopback loopback, Path key, String program, String portOption, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, portOption, String.valueOf(loopback.port())));
        for (String option : List.of(
                "StrictHostKeyChecking=no",
                "UserKnownHostsFile=/dev/null",
                "GlobalKnownHostsFile=/dev/null",
                "BatchMode=yes",
                "IdentitiesOnly=yes",
                "IdentityAgent=none",
                "LogLevel=INFO")) {
            command.addAll(List.of("-o", option));
        }
        command.addAll(List.of("-F", "/dev/null", "-i", key.toString()));
        command.addAll(arguments);
        Path output = dir.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + Files.readString(output));
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }

    /** Writes the pair in OpenSSH's own format, unencrypted. */
    private Path key(KeyPair pair) throws IOException {
        byte[] shown = last32(pair.getPublic().getEncoded());
        byte[] seed = last32(pair.getPrivate().getEncoded());
        byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
        byte[] none = "none".getBytes(StandardCharsets.US_ASCII);
        byte[] shownBlob = concat(sized(type), sized(shown));
        byte[] secret = concat(new byte[8], sized(type), sized(shown), sized(concat(seed, shown)), sized(new byte[0]));
        byte[] padding = {1, 2, 3, 4, 5, 6, 7};
        byte[] padded = concat(secret, Arrays.copyOf(padding, (8 - secret.length % 8) % 8));
        byte[] file = concat(
                "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII),
                sized(none),
                sized(none),
                sized(new byte[0]),
                new byte[] {0, 0, 0, 1},
                sized(shownBlob),
                sized(padded));
        Path path = dir.resolve("key");
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                path,
                "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(file)
                        + "\n-----END OPENSSH PRIVATE KEY-----\n");
        return path;
    }

    private static byte[] last32(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    private static byte[] sized(byte[] bytes) {
        return ByteBuffer.allocate(4 + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
