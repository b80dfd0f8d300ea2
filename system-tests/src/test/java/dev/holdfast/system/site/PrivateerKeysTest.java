package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.machine.PrivateerPair;
import dev.holdfast.keys.vault.VaultStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A site whose machines have the RSA pairs that {@code privateer keygen} left in the Vault, which is a stub. */
@Timeout(600)
final class PrivateerKeysTest {
    private static final int DENIED_OR_KEY = 12;

    @TempDir
    Path folder;

    private final Map<String, PrivateerPair> pairs = new TreeMap<>();
    private VaultStub vault;
    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        vault = VaultStub.start(1);
        for (String machine : new String[] {RealSite.SERVER, "alice", "bob"}) {
            PrivateerPair pair = PrivateerPair.make();
            vault.plant("ship/privateer/" + machine, pair.fields());
            pairs.put(machine, pair);
        }
        site = RealSite.openWith(
                folder,
                String.format(
                        Locale.ROOT,
                        "vault: { url: '%s', prefix: /secret/ship/privateer, token: %s }\n",
                        vault.url(),
                        VaultStub.ROOT));
        Trees.shell(folder, "mkdir -p alice/documents alice/pictures bob/documents bob/papers");
        Trees.shell(site.documents(), "echo text > text; head -c 3M /dev/urandom > data");
    }

    @AfterEach
    void closeSite() throws Exception {
        if (site != null) {
            site.close();
        }
        vault.close();
    }

    private PrivateerPair pair(String machine) {
        return Optional.ofNullable(pairs.get(machine)).orElseThrow();
    }

    private Path installed(String machine, String file) {
        return site.state(machine).resolve(machine + "/keys/machines/" + machine + "/" + file);
    }

    private void rotate(String machine) throws Exception {
        assertThat(site.run(RealSite.SERVER, "keygen", "--rotate", machine)
                        .well()
                        .out())
                .containsPattern("replaced +keys of machine '" + machine + "'");
        site.install(RealSite.SERVER);
        site.run(RealSite.SERVER, "server", "reload").well();
    }

    @Test
    void theFleetWorksWithThePairsOfPrivateerUntilEachIsRotated() throws Exception {
        assertThat(site.run(RealSite.SERVER, "keygen", "--all").well().out().split("RSA pair of privateer", -1))
                .as("said of the server and both hosts")
                .hasSize(4);
        for (String machine : pairs.keySet()) {
            assertThat(installed(machine, "ssh")).hasBinaryContent(pair(machine).privateFile());
            assertThat(Files.getPosixFilePermissions(installed(machine, "ssh")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(site.run(machine, "check").well().out())
                    .containsPattern("warning +ssh key +still the RSA pair of privateer");
        }
        site.run("alice", "check", "--connection").well();
        site.backUp("alice", "documents").well();
        site.assertDocumentsComeBack();
        if (Trees.hasAll("what OpenSSH sees of an RSA host key", "ssh-keyscan", "ssh-keygen")) {
            assertThat(Trees.shell(folder, "ssh-keyscan -T 20 -t rsa,ed25519 -p " + site.port() + " 127.0.0.1"))
                    .contains(pair(RealSite.SERVER).publicLine())
                    .doesNotContain("ed25519");
        }

        Trees.shell(folder, "cp -a state-alice state-thief");
        rotate("alice");
        assertThat(site.backUp("alice", "documents").ending(DENIED_OR_KEY).everything())
                .contains("HF-DENIED")
                .contains(pair("alice").publicKey().fingerprint());
        site.install("alice");
        site.install("bob");
        assertThat(installed("alice", "ssh.pub")).content().startsWith("ssh-ed25519 ");
        assertThat(site.run("alice", "check").well().out()).doesNotContain("RSA");
        Trees.shell(site.documents(), "echo after > text");
        site.backUp("alice", "documents").well();
        site.assertDocumentsComeBack();
        Trees.shell(folder, "rm -r state-alice && mv state-thief state-alice");
        assertThat(site.backUp("alice", "documents").ending(DENIED_OR_KEY).everything())
                .contains("HF-DENIED");
    }

    @Test
    void aPairThatIsNotInTheStoreLetsNobodyIn() throws Exception {
        PrivateerPair own = PrivateerPair.make();
        Files.write(installed("bob", "ssh"), own.privateFile());
        Files.writeString(installed("bob", "ssh.pub"), own.publicLine());

        Said refused = site.run("bob", "snapshots").ending(DENIED_OR_KEY);

        assertThat(refused.everything())
                .contains("HF-DENIED")
                .contains(own.publicKey().fingerprint());
        assertThat(site.serverLog())
                .contains("no host here has the key " + own.publicKey().fingerprint());
        Files.write(installed("bob", "ssh"), pair("alice").privateFile());
        assertThat(site.run("bob", "check").exitCode()).isEqualTo(DENIED_OR_KEY);
    }

    @Test
    void aRotatedServerIsRefusedUntilItsHostsPinTheNewKey() throws Exception {
        rotate(RealSite.SERVER);
        site.backUp("alice", "documents").well();
        site.killServer();
        site.startServer();

        Said refused = site.backUp("alice", "documents").ending(DENIED_OR_KEY);
        assertThat(refused.everything())
                .contains("HF-HOST-KEY")
                .contains(pair(RealSite.SERVER).publicKey().fingerprint());
        site.install("alice");
        site.install("bob");
        site.backUp("alice", "documents").well();
        site.assertDocumentsComeBack();
    }

    @Test
    void aHostThatJoinsAServerWithAPairOfPrivateerMakesAKeyOfItsOwn() throws Exception {
        site.backUp("alice", "documents").well();
        String code = site.run(RealSite.SERVER, "server", "invite", "bob", "--replace", "--json")
                .well()
                .summary()
                .text("code");

        site.run(
                        "bob",
                        "configure",
                        "bob",
                        "--no-identity",
                        "--join",
                        code + "@127.0.0.1:" + site.line().port())
                .well();

        assertThat(installed("bob", "ssh.pub")).content().startsWith("ssh-ed25519 ");
        site.assertDocumentsComeBack();
        assertThat(site.run(RealSite.SERVER, "keygen", "bob").well().out())
                .containsPattern("adopted +public keys of machine 'bob'");
        assertThat(vault.fields("ship/privateer/bob").keySet().toString())
                .contains("public")
                .doesNotContain("private");
    }
}
