package dev.holdfast.keys.machine;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.KeyException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineKeysTest {
    private final MachineKeys keys = MachineKeys.generate("alice", new FixedRandom(1));

    @Test
    void whatIsWrittenIsReadBack() {
        MachineKeys back = MachineKeys.parse("alice", keys.sshFile(), keys.sealFile());
        assertThat(back.publicKeys()).isEqualTo(keys.publicKeys());
        assertThat(back.sshFile()).isEqualTo(keys.sshFile());
        assertThat(back.sealing().bytes()).isEqualTo(keys.sealing().bytes());
        MachinePublicKeys known = keys.publicKeys();
        assertThat(MachinePublicKeys.parse("alice", known.sshFile(), known.sealFile()))
                .isEqualTo(known);
        assertThat(known.sshFile()).startsWith("ssh-ed25519 AAAA").endsWith(" holdfast:alice\n");
        assertThat(known.sealFile()).startsWith("holdfast-seal-v1 ").endsWith(" alice\n");
    }

    @Test
    void everyFlippedOrMissingByteOfAPrivateFileIsFound() {
        byte[] ssh = keys.sshFile();
        byte[] seal = keys.sealFile();
        for (int i = 0; i < ssh.length; i++) {
            byte[] damaged = ssh.clone();
            damaged[i] ^= 1;
            byte[] cut = Arrays.copyOf(ssh, i);
            assertThat(failure(() -> MachineKeys.parse("alice", cut, seal)).reason())
                    .isEqualTo(Reason.MALFORMED);
            sameKeyOrMalformed(damaged, seal);
        }
        for (int i = 0; i < seal.length; i++) {
            byte[] cut = Arrays.copyOf(seal, i);
            assertThat(failure(() -> MachineKeys.parse("alice", ssh, cut)).reason())
                    .isEqualTo(Reason.MALFORMED);
        }
        assertThat(failure(() -> MachineKeys.parse("bob", ssh, seal)).reason()).isEqualTo(Reason.MALFORMED);
    }

    /** The comment inside an SSH key is free text: a flip there changes nothing that counts. */
    private void sameKeyOrMalformed(byte[] ssh, byte[] seal) {
        try (MachineKeys read = MachineKeys.parse("alice", ssh, seal)) {
            assertThat(read.sshFile()).isEqualTo(keys.sshFile());
        } catch (dev.holdfast.keys.KeyException e) {
            assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void theJdkSignsAndVerifiesWithTheKeyPair() throws Exception {
        KeyPair pair = keys.ssh().keyPair();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(new byte[] {1, 2, 3});
        byte[] signed = signature.sign();
        signature.initVerify(pair.getPublic());
        signature.update(new byte[] {1, 2, 3});
        assertThat(signature.verify(signed)).isTrue();
        assertThat(SshPublicKey.of(pair.getPublic()))
                .isEqualTo(keys.publicKeys().ssh());
    }

    @Test
    void sshKeygenReadsThePrivateKeyAndAgreesOnPublicKeyAndFingerprint(@TempDir Path folder) throws Exception {
        requireSshKeygen();
        Path file = folder.resolve("ssh");
        Files.write(file, keys.sshFile());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(run("ssh-keygen", "-y", "-P", "", "-f", file.toString()))
                .startsWith("ssh-ed25519 " + keys.publicKeys().ssh().base64());
        assertThat(run("ssh-keygen", "-l", "-f", file.toString()))
                .contains(keys.publicKeys().ssh().fingerprint())
                .contains("holdfast:alice")
                .contains("ED25519");
    }

    @Test
    void aKeyMadeBySshKeygenIsRead(@TempDir Path folder) throws Exception {
        requireSshKeygen();
        Path file = folder.resolve("own");
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", file.toString());
        MachineKeys read = MachineKeys.parse("alice", Files.readAllBytes(file), keys.sealFile());
        assertThat(read.publicKeys().ssh()).isEqualTo(SshPublicKey.parse(Files.readString(folder.resolve("own.pub"))));
        Path locked = folder.resolve("locked");
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "passphrase", "-f", locked.toString());
        byte[] bytes = Files.readAllBytes(locked);
        assertThat(failure(() -> MachineKeys.parse("alice", bytes, keys.sealFile())))
                .hasMessageContaining("passphrase");
    }

    @Test
    void publicKeysThatAreNoneAreRefused() {
        for (String line : new String[] {
            "",
            "ssh-ed25519",
            "ssh-rsa AAAA",
            "ssh-ed25519 AAAA",
            "ssh-ed25519 ?",
            keys.publicKeys().ssh().line("x").replaceFirst("AAAAC3", "AAAAD3")
        }) {
            assertThat(failure(() -> SshPublicKey.parse(line)).reason()).isEqualTo(Reason.MALFORMED);
        }
        String seal = keys.publicKeys().sealFile();
        assertThat(failure(() ->
                                MachinePublicKeys.parse("bob", keys.publicKeys().sshFile(), seal))
                        .reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void closedKeysAreOfNoUseAndPrintNothing() {
        assertThat(keys.toString())
                .isEqualTo("MachineKeys of 'alice', " + keys.publicKeys().ssh().fingerprint());
        keys.close();
        assertThatIllegalStateException().isThrownBy(keys::sshFile);
        assertThatIllegalStateException().isThrownBy(keys::sealFile);
        assertThatIllegalStateException().isThrownBy(keys::ssh);
    }

    private static void requireSshKeygen() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/ssh-keygen")), "NOT RUN: no /usr/bin/ssh-keygen on this machine");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
