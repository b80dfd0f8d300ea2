package dev.holdfast.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.response.LogicalResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client library that nobody here wrote finds in the stub what it expects of a Vault. This is as near as the tests come to a real
 * one, which cannot be had where they run.
 */
final class VaultStubTest {
    @TempDir
    Path folder;

    private static Vault client(VaultStub stub, int version, String token) throws VaultException {
        VaultConfig config = new VaultConfig()
                .address(stub.url().toString())
                .token(token)
                .engineVersion(version)
                .openTimeout(5)
                .readTimeout(5)
                .build();
        return Vault.create(config);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anIndependentClientReadsWritesListsAndDeletes(int version) throws IOException, VaultException {
        try (VaultStub stub = VaultStub.start(version)) {
            Vault vault = client(stub, version, VaultStub.ROOT);
            assertThat(vault.logical()
                            .read("secret/ship/alice")
                            .getRestResponse()
                            .getStatus())
                    .isEqualTo(404);

            vault.logical().write("secret/ship/alice", Map.of("public", "ssh-rsa AAAA", "private", "PEM\n"));
            vault.logical().write("secret/ship/deep/bob", Map.of("public", "x"));

            assertThat(vault.logical().read("secret/ship/alice").getData())
                    .containsEntry("public", "ssh-rsa AAAA")
                    .containsEntry("private", "PEM\n");
            assertThat(vault.logical().list("secret/ship").getListData()).containsExactly("alice", "deep/");
            vault.logical().delete("secret/ship/alice");
            assertThat(vault.logical()
                            .read("secret/ship/alice")
                            .getRestResponse()
                            .getStatus())
                    .isEqualTo(404);
        }
    }

    @Test
    void anIndependentClientDeletesUndeletesAndDestroysVersions() throws IOException, VaultException {
        try (VaultStub stub = VaultStub.start(2)) {
            Vault vault = client(stub, 2, VaultStub.ROOT);
            vault.logical().write("secret/a", Map.of("k", "one"));
            LogicalResponse second = vault.logical().write("secret/a", Map.of("k", "two"));
            assertThat(second.getDataObject().get("version").asInt()).isEqualTo(2);
            assertThat(vault.logical().read("secret/a", true, 1).getData()).containsEntry("k", "one");
            vault.logical().delete("secret/a", new int[] {2});
            assertThat(vault.logical().read("secret/a").getRestResponse().getStatus())
                    .isEqualTo(404);
            vault.logical().unDelete("secret/a", new int[] {2});
            assertThat(vault.logical().read("secret/a").getData()).containsEntry("k", "two");
            vault.logical().destroy("secret/a", new int[] {2});
            assertThat(vault.logical().read("secret/a").getRestResponse().getStatus())
                    .isEqualTo(404);
        }
    }

    @Test
    void anIndependentClientLogsInAndIsDenied() throws IOException, VaultException {
        try (VaultStub stub = VaultStub.start(2)) {
            Vault nobody = client(stub, 2, "");
            assertThat(nobody.auth()
                            .loginByAppRole(VaultStub.ROLE, VaultStub.SECRET)
                            .getAuthClientToken())
                    .startsWith("hvs.issued");
            assertThat(nobody.auth().loginByGithub(VaultStub.GITHUB).getAuthClientToken())
                    .startsWith("hvs.issued");
            VaultException wrong = catchThrowableOfType(
                    VaultException.class, () -> nobody.auth().loginByAppRole(VaultStub.ROLE, "other"));
            assertThat(wrong.getHttpStatusCode()).isEqualTo(400);
            assertThat(client(stub, 2, VaultStub.ROOT).auth().lookupSelf().getPolicies())
                    .containsExactly("root");
            assertThat(client(stub, 2, "hvs.unknown")
                            .logical()
                            .read("secret/a")
                            .getRestResponse()
                            .getStatus())
                    .isEqualTo(403);
            assertThat(nobody.debug().health().getSealed()).isFalse();
            stub.seal(true);
            assertThat(nobody.debug().health().getRestResponse().getStatus()).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anIndependentClientReadsWhatTheKeyStoreWrote(int version) throws IOException, VaultException {
        try (VaultStub stub = VaultStub.start(version);
                VaultKeyStore store = VaultKeyStore.open(
                        new VaultSettings(stub.url(), "/secret/ship", Optional.empty(), Optional.empty()),
                        VaultCredentials.typed(VaultStub.ROOT.toCharArray()),
                        VaultLimits.impatient())) {
            String privateFile = "-----BEGIN PRIVATE KEY-----\n\"\\\t/<>&'\u00fc\n-----END PRIVATE KEY-----\n";
            store.put(
                    KeyEntry.sshPublic("alice"), "ssh-ed25519 AAAA holdfast:alice\n".getBytes(StandardCharsets.UTF_8));
            store.put(KeyEntry.ssh("alice"), privateFile.getBytes(StandardCharsets.UTF_8));
            store.put(KeyEntry.sealPublic("alice"), new byte[] {1, 2, 3});

            Map<String, String> fields = client(stub, version, VaultStub.ROOT)
                    .logical()
                    .read("secret/ship/alice")
                    .getData();

            assertThat(fields)
                    .containsEntry("public", "ssh-ed25519 AAAA holdfast:alice\n")
                    .containsEntry("private", privateFile);
            assertThat(Base64.getDecoder().decode(fields.get("holdfast_seal_pub")))
                    .containsExactly(1, 2, 3);
        }
    }

    /** As privateer does: it writes the field {@code private} into a file and hands that to ssh. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void thePairThatIsMadeForAMachineIsReadByAnIndependentClientAndByOpenSsh(int version) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/ssh-keygen")), "NOT RUN: no /usr/bin/ssh-keygen on this machine");
        try (VaultStub stub = VaultStub.start(version);
                VaultKeyStore store = VaultKeyStore.open(
                        new VaultSettings(stub.url(), "/secret/ship", Optional.empty(), Optional.empty()),
                        VaultCredentials.typed(VaultStub.ROOT.toCharArray()),
                        VaultLimits.impatient());
                KeyPlan plan = new KeyGeneration(store, new SecureRandom()).plan(List.of("alice"), List.of())) {
            plan.commit();

            Map<String, String> fields = client(stub, version, VaultStub.ROOT)
                    .logical()
                    .read("secret/ship/alice")
                    .getData();

            assertThat(fields).containsOnlyKeys("public", "private", "holdfast_seal", "holdfast_seal_pub");
            Path file = Files.createFile(
                    folder.resolve("id"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, String.valueOf(fields.get("private")));
            Process process = new ProcessBuilder("ssh-keygen", "-y", "-P", "", "-f", file.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(fields.get("public"))
                    .startsWith("ssh-ed25519 ");
        }
    }
}
