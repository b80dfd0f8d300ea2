package dev.holdfast.system.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.keys.machine.PrivateerPair;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.machine.SshSecret;
import dev.holdfast.server.transport.EndpointLimits;
import dev.holdfast.server.transport.SessionHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pairs of privateer at both ends of a connection: taken, and never with SHA-1. */
@Timeout(60)
class RsaKeysTest {
    private static final PrivateerPair SERVER = PrivateerPair.make();
    private static final PrivateerPair ALICE = PrivateerPair.make();

    @TempDir
    Path folder;

    private static SshIdentity identity(PrivateerPair pair) {
        try (SshSecret secret = SshSecret.parse(pair.privateFile())) {
            return SshIdentity.of(secret);
        }
    }

    private static Loopback loopback(SshIdentity server, SshIdentity alice) {
        SessionHandler echo = RsaKeysTest::echo;
        return new Loopback(server, alice, EndpointLimits.standard(), echo);
    }

    private static void echo(String host, ByteLink link) throws IOException {
        byte[] word = new byte[1];
        if (link.read(word, 0, 1) == 1) {
            link.write(word, 0, 1);
            link.flush();
        }
    }

    private static void assertTalks(Loopback loopback) throws IOException {
        try (SshLink link = loopback.open()) {
            link.write(new byte[] {42}, 0, 1);
            link.flush();
            byte[] answer = new byte[1];
            assertThat(link.read(answer, 0, 1)).isEqualTo(1);
            assertThat(answer).containsExactly(42);
            assertThat(loopback.endpoint.status()).extracting("host").containsExactly("alice");
        }
    }

    @Test
    void eachEndMayHaveOneWhateverTheOtherHas() throws Exception {
        for (SshIdentity server : List.of(identity(SERVER), Loopback.newKey())) {
            for (SshIdentity alice : List.of(identity(ALICE), Loopback.newKey())) {
                try (Loopback loopback = loopback(server, alice)) {
                    assertTalks(loopback);
                }
            }
        }
    }

    @Test
    void oneThatIsNoHostsIsTurnedAwayAndAServerWithAnotherThanThePinnedOneIsNotTalkedTo() {
        SshIdentity stranger = identity(PrivateerPair.make());
        try (Loopback loopback = loopback(identity(SERVER), identity(ALICE))) {
            HoldfastException denied =
                    catchThrowableOfType(HoldfastException.class, () -> loopback.open(loopback.port(), stranger));
            assertThat(denied.problem().code()).isEqualTo(ProblemCode.DENIED);
            assertThat(denied).hasMessageContaining(stranger.publicKey().fingerprint());
            for (SshPublicKey pinned :
                    List.of(stranger.publicKey(), Loopback.newKey().publicKey(), ALICE.publicKey())) {
                HoldfastException other = catchThrowableOfType(
                        HoldfastException.class, () -> loopback.open(loopback.port(), loopback.alice, pinned));
                assertThat(other.problem().code()).isEqualTo(ProblemCode.HOST_KEY);
                assertThat(other).hasMessageContaining(SERVER.publicKey().fingerprint());
            }
            assertThat(loopback.endpoint.status()).isEmpty();
        }
    }

    @Test
    void openSshSeesTheHostKeyGetsInByThePairAndIsOfferedNothingWithSha1() throws Exception {
        boolean there = Files.isExecutable(Path.of("/usr/bin/ssh"));
        assumeTrue(there, "NOT RUN: OpenSSH's client is not installed");
        Path key = Files.createFile(
                folder.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(key, ALICE.privateFile());
        try (Loopback loopback = loopback(identity(SERVER), identity(ALICE))) {
            Files.writeString(
                    folder.resolve("known"), "[127.0.0.1]:" + loopback.port() + " " + SERVER.publicLine() + "\n");

            assertThat(ssh(loopback)).contains("holdfast restore");
            for (String signature : List.of("rsa-sha2-512", "rsa-sha2-256")) {
                assertThat(ssh(loopback, "HostKeyAlgorithms=" + signature, "PubkeyAcceptedAlgorithms=" + signature))
                        .contains("holdfast restore");
            }
            assertThat(ssh(loopback, "HostKeyAlgorithms=ssh-rsa"))
                    .contains("no matching host key type found. Their offer: rsa-sha2-512,rsa-sha2-256");
            assertThat(ssh(loopback, "PubkeyAcceptedAlgorithms=ssh-rsa"))
                    .doesNotContain("holdfast restore")
                    .contains("Permission denied");
        }
    }

    /** What it says; every login here ends in a refusal or in being turned away. */
    private String ssh(Loopback loopback, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/ssh", "-F", "/dev/null", "-p", loopback.port() + "", "-i", folder + "/key"));
        for (String option : List.of(
                "StrictHostKeyChecking=yes",
                "UserKnownHostsFile=" + folder + "/known",
                "GlobalKnownHostsFile=/dev/null",
                "BatchMode=yes",
                "IdentitiesOnly=yes",
                "IdentityAgent=none")) {
            command.addAll(List.of("-o", option));
        }
        for (String option : options) {
            command.addAll(List.of("-o", option));
        }
        command.addAll(List.of("alice@127.0.0.1", "ls"));
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + Files.readString(said));
        }
        assertThat(process.exitValue()).isNotZero();
        return Files.readString(said);
    }
}
