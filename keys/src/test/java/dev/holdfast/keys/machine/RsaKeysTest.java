package dev.holdfast.keys.machine;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The RSA pairs that privateer leaves in a Vault, and those that somebody put there with openssl or ssh-keygen. */
final class RsaKeysTest {
    private static final PrivateerPair PAIR = PrivateerPair.make();

    @TempDir
    Path folder;

    private final byte[] seal =
            MachineKeys.generate("alice", new FixedRandom(3)).sealFile();

    private MachineKeys alice(byte[] file) {
        return MachineKeys.parse("alice", file, seal);
    }

    private KeyException refused(byte[] file) {
        KeyException refused = failure(() -> alice(file).close());
        assertThat(refused.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(refused).hasMessageStartingWith("machine 'alice': ");
        assertThat(refused.hint()).contains("holdfast keygen --rotate alice");
        return refused;
    }

    private static void assertSigns(SshSecret secret) throws Exception {
        KeyPair pair = secret.keyPair();
        Signature signature = Signature.getInstance("SHA512withRSA");
        signature.initSign(pair.getPrivate());
        signature.update(new byte[] {1, 2, 3});
        byte[] signed = signature.sign();
        signature.initVerify(secret.publicKey().toJava());
        signature.update(new byte[] {1, 2, 3});
        assertThat(signature.verify(signed)).isTrue();
        assertThat(SshPublicKey.of(pair.getPublic())).isEqualTo(secret.publicKey());
    }

    @Test
    void thePairOfPrivateerIsTakenAndStaysTheSameToTheByte() throws Exception {
        try (MachineKeys keys = alice(PAIR.privateFile())) {
            assertThat(keys.publicKeys().ssh()).isEqualTo(PAIR.publicKey());
            assertThat(keys.publicKeys().ssh().isLegacy()).isTrue();
            assertThat(keys.sshFile()).isEqualTo(PAIR.privateFile());
            assertThat(keys.publicKeys().sshFile()).isEqualTo(PAIR.publicLine() + " holdfast:alice\n");
            assertThat(keys)
                    .hasToString("MachineKeys of 'alice', " + PAIR.publicKey().fingerprint());
            assertThat(keys.ssh().toString())
                    .doesNotContain("PRIVATE")
                    .contains(PAIR.publicKey().fingerprint());
            assertSigns(keys.ssh());
        }
    }

    @Test
    void aClosedPairIsOfNoUse() {
        SshSecret secret = SshSecret.parse(PAIR.privateFile());
        secret.close();
        assertThatIllegalStateException().isThrownBy(() -> secret.file("x"));
        assertThatIllegalStateException().isThrownBy(secret::keyPair);
    }

    @Test
    void whatOpensslAndSshKeygenWriteIsTakenInEachOfTheThreeForms() throws Exception {
        requireTools();
        for (int bits : new int[] {2048, 4096}) {
            Path pkcs8 = folder.resolve("pkcs8-" + bits);
            Path pkcs1 = folder.resolve("pkcs1-" + bits);
            Path openSsh = folder.resolve("openssh-" + bits);
            run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + bits, "-out", pkcs8 + "");
            run("openssl", "pkey", "-in", pkcs8 + "", "-traditional", "-out", pkcs1 + "");
            Files.copy(pkcs1, openSsh);
            run("sh", "-c", "chmod 600 '" + openSsh + "' && ssh-keygen -q -p -N '' -P '' -f '" + openSsh + "'");
            String expected = run("ssh-keygen", "-y", "-f", openSsh.toString()).strip();
            assertThat(Files.readString(pkcs8)).startsWith("-----BEGIN PRIVATE KEY-----\n");
            assertThat(Files.readString(pkcs1)).startsWith("-----BEGIN RSA PRIVATE KEY-----\n");
            assertThat(Files.readString(openSsh)).startsWith("-----BEGIN OPENSSH PRIVATE KEY-----\n");
            for (Path file : List.of(pkcs8, pkcs1, openSsh)) {
                try (MachineKeys keys = alice(Files.readAllBytes(file))) {
                    SshPublicKey key = keys.publicKeys().ssh();
                    assertThat(key).as("%s", file).isEqualTo(SshPublicKey.parse(expected));
                    assertThat(run("ssh-keygen", "-l", "-f", openSsh.toString()))
                            .contains(bits + " " + key.fingerprint());
                    assertSigns(keys.ssh());
                }
            }
        }
    }

    @Test
    void whatAFieldOfAVaultDoesToLineEndsIsNoDamage() {
        for (UnaryOperator<String> change :
                List.<UnaryOperator<String>>of(String::strip, pem -> pem.replace("\n", "\r\n"), pem -> pem + "\n\n")) {
            try (MachineKeys keys = alice(bytes(change.apply(PAIR.privatePem())))) {
                assertThat(keys.publicKeys().ssh()).isEqualTo(PAIR.publicKey());
            }
        }
    }

    @Test
    void aPassphraseIsNamedAndHowToTakeItOff() throws Exception {
        requireTools();
        Path plain = Files.write(folder.resolve("plain"), PAIR.privateFile());
        run("openssl", "pkcs8", "-topk8", "-in", plain + "", "-passout", "pass:secret", "-out", folder + "/pkcs8");
        run(
                "openssl",
                "rsa",
                "-in",
                plain + "",
                "-traditional",
                "-aes128",
                "-passout",
                "pass:secret",
                "-out",
                folder + "/pkcs1");
        run("ssh-keygen", "-q", "-t", "rsa", "-N", "passphrase", "-f", folder + "/openssh");
        for (String name : List.of("pkcs8", "pkcs1", "openssh")) {
            KeyException refused = refused(Files.readAllBytes(folder.resolve(name)));
            assertThat(refused).as(name).hasMessageContaining("is protected by a passphrase");
            assertThat(refused.hint()).contains("ssh-keygen -p -N ''");
        }
    }

    @Test
    void aShortKeyIsRefusedOnBothSides() throws Exception {
        requireTools();
        run("ssh-keygen", "-q", "-t", "rsa", "-b", "1024", "-m", "PKCS8", "-N", "", "-f", folder + "/short");
        assertThat(refused(Files.readAllBytes(folder.resolve("short"))))
                .hasMessageContaining("RSA key of 1024 bits is too short");

        KeyException known =
                failure(() -> MachinePublicKeys.parseSsh("alice", Files.readString(folder.resolve("short.pub"))));

        assertThat(known).hasMessage("public SSH key of machine 'alice': RSA key of 1024 bits is too short");
        assertThat(known.hint()).contains("2048 bits or more").contains("`holdfast keygen --rotate alice`");
    }

    @Test
    void keysOfOtherKindsAreRefusedWithoutAWordOfTheirContent() throws Exception {
        requireTools();
        run("openssl", "genpkey", "-algorithm", "ED25519", "-out", folder + "/ed25519");
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder + "/sec1");
        run("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", folder + "/ecdsa");
        for (String name : List.of("ed25519", "sec1", "ecdsa")) {
            byte[] file = Files.readAllBytes(folder.resolve(name));
            assertThat(refused(file).getMessage()).doesNotContain("-----").hasSizeLessThan(120);
        }
        assertThat(failure(() -> SshPublicKey.parse(Files.readString(folder.resolve("ecdsa.pub")))))
                .hasMessage("not a public SSH key of a machine");
    }

    @Test
    void everyMissingByteOfAPrivateKeyIsFoundAndNoFlippedOneMakesAnotherKey() {
        byte[] file = PAIR.privateFile();
        for (int i = 0; i < file.length - 1; i++) {
            refused(Arrays.copyOf(file, i));
            byte[] damaged = file.clone();
            damaged[i] ^= 1;
            try (MachineKeys keys = alice(damaged)) {
                assertThat(keys.publicKeys().ssh()).as("byte %d", i).isEqualTo(PAIR.publicKey());
            } catch (KeyException e) {
                assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
            }
        }
    }

    @Test
    void everyFlippedOrMissingByteOfAPublicKeyIsAnotherKeyOrNone() {
        byte[] blob = PAIR.publicKey().blob();
        for (int i = 0; i < blob.length; i++) {
            byte[] cut = Arrays.copyOf(blob, i);
            assertThat(failure(() -> SshPublicKey.ofBlob(cut)).reason()).isEqualTo(Reason.MALFORMED);
            byte[] damaged = blob.clone();
            damaged[i] ^= 1;
            try {
                SshPublicKey other = SshPublicKey.ofBlob(damaged);
                assertThat(other).isNotEqualTo(PAIR.publicKey());
                assertThat(other.blob()).isEqualTo(damaged);
            } catch (KeyException e) {
                assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
            }
        }
        String type = PAIR.publicLine().replace("ssh-rsa ", "ssh-ed25519 ");
        assertThat(failure(() -> SshPublicKey.parse(type)).reason()).isEqualTo(Reason.MALFORMED);
        String padded = "ssh-rsa " + Base64.getEncoder().encodeToString(Arrays.copyOf(blob, blob.length + 1));
        assertThat(failure(() -> SshPublicKey.parse(padded)).reason()).isEqualTo(Reason.MALFORMED);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void requireTools() {
        boolean there =
                Files.isExecutable(Path.of("/usr/bin/ssh-keygen")) && Files.isExecutable(Path.of("/usr/bin/openssl"));
        assumeTrue(there, "NOT RUN: no /usr/bin/ssh-keygen or /usr/bin/openssl on this machine");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
