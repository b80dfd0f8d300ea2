package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are replaced, brought to a machine by a bundle, and shared by several machines of one computer. */
@Timeout(600)
final class KeysTest {
    private static final int USAGE = 2;
    private static final int DENIED_OR_KEY = 12;

    @TempDir
    Path folder;

    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.open(folder);
        Trees.shell(site.documents(), "echo before > text; head -c 3M /dev/urandom > data");
    }

    @AfterEach
    void closeSite() throws Exception {
        site.close();
    }

    @Test
    void aRotatedKeyIsRefusedTheNewOneTakenAndWhatWasThereBeforeComesBack() throws Exception {
        String before = backUp();
        Path kept = folder.resolve("as-it-was");
        Trees.shell(folder, "cp -a '" + site.documents() + "' '" + kept + "'; cp -a state-alice state-thief");
        site.run(RealSite.SERVER, "keygen", "--rotate", "alice").well();
        site.run(RealSite.SERVER, "server", "reload").well();

        assertThat(site.backUp("alice", "documents").ending(DENIED_OR_KEY).everything())
                .contains("HF-DENIED");
        site.install("alice");
        Trees.shell(site.documents(), "echo after > text");
        String after = backUp();

        Said outdated = site.restore("--snapshot", after).ending(DENIED_OR_KEY);
        assertThat(outdated.everything()).contains("HF-KEY").contains("holdfast configure");
        assertThat(site.papers())
                .satisfiesAnyOf(
                        papers -> assertThat(papers).doesNotExist(),
                        papers -> assertThat(papers).isEmptyDirectory());
        site.install("bob");
        site.restore("--snapshot", before).well();
        Trees.assertSame(kept, site.papers());
        site.restore("--snapshot", after).well();
        Trees.assertSame(site.documents(), site.papers());

        Said thief = holdfast("state-thief", "hosts.yaml", "--as", "alice", "snapshots");
        assertThat(thief.ending(DENIED_OR_KEY).everything()).contains("HF-DENIED");
        site.killServer();
        assertTheRecoveryKeyReads(before, kept);
        assertTheRecoveryKeyReads(after, site.documents());
    }

    private String backUp() throws Exception {
        return site.backUp("alice", "documents").well().summary().text("snapshot_id");
    }

    private void assertTheRecoveryKeyReads(String snapshot, Path expected) throws Exception {
        if (Trees.hasAll("the recovery key after a rotation", "python3", "zstd")) {
            Path target = folder.resolve("read-" + snapshot);
            IndependentReaderTest.read(site, snapshot, target.toString()).well();
            Trees.assertSame(expected, target);
        }
    }

    @Test
    void aBundleIsAllThatAMachineNeedsThatCannotReachTheKeyStore() throws Exception {
        backUp();
        Path passphrase = secret("passphrase", "correct horse battery staple\n");
        Path bundle = folder.resolve("alice.bundle");
        site.run(
                        RealSite.SERVER,
                        "keygen",
                        "alice",
                        "--bundle",
                        bundle.toString(),
                        "--passphrase-file",
                        passphrase.toString())
                .well();
        String text = Files.readString(bundle);
        assertThat(text).doesNotContain("PRIVATE");
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(
                elsewhere.resolve("holdfast.yaml"),
                site.configuration().replace(site.keyStore().toString(), elsewhere + "/no-keys"));
        Trees.shell(folder, "mv keys keys-out-of-reach");

        Path wrong = secret("wrong", "correct horse battery stable\n");
        assertThat(configureElsewhere("alice", bundle, wrong)
                        .ending(DENIED_OR_KEY)
                        .err())
                .contains("HF-KEY")
                .contains("passphrase");
        assertThat(configureElsewhere("bob", bundle, passphrase)
                        .ending(DENIED_OR_KEY)
                        .err())
                .contains("the bundle is for machine 'alice', not for 'bob'");
        assertThat(elsewhere.resolve("state")).doesNotExist();
        configureElsewhere("alice", bundle, passphrase).well();

        Path target = elsewhere.resolve("back");
        holdfast("elsewhere/state", "elsewhere/holdfast.yaml", "restore", "documents", "--to", target.toString())
                .well();
        Trees.assertSame(site.documents(), target);
    }

    private Path secret(String name, String text) throws Exception {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Said configureElsewhere(String machine, Path bundle, Path passphrase) throws Exception {
        return holdfast(
                "elsewhere/state",
                "elsewhere/holdfast.yaml",
                "configure",
                machine,
                "--bundle",
                bundle.toString(),
                "--passphrase-file",
                passphrase.toString());
    }

    @Test
    void severalMachinesCanBeOneComputer() throws Exception {
        assumeTrue(Files.isDirectory(site.keyStore()));
        Trees.shell(site.papers(), "echo of bob > note");
        assertThat(shared("snapshots").ending(USAGE).err()).contains("holdfast configure NAME");
        shared("configure", "alice").well();
        shared("backup", "documents").well();

        shared("configure", "bob").well();
        assertThat(folder.resolve(".holdfast_identity")).hasContent("bob");
        shared("backup", "papers").well();
        shared("--as", "alice", "backup", "documents").well();
        assertThat(shared("--as", "bob", "backup", "pictures").exitCode()).isNotZero();

        Files.delete(folder.resolve(".holdfast_identity"));
        assertThat(shared("backup").ending(USAGE).err()).contains("alice, bob").contains("--as");
        String snapshots = shared("--as", "bob", "snapshots", "--json").well().out();
        assertThat(snapshots.split("\"hostname\":\"alice\"", -1)).hasSize(3);
        assertThat(snapshots.split("\"hostname\":\"bob\"", -1)).hasSize(2);
    }

    private Said shared(String... words) throws Exception {
        return holdfast("state-shared", "hosts.yaml", words);
    }

    private Said holdfast(String state, String configuration, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(RealSite.program().toString()));
        command.addAll(List.of(words));
        Map<String, String> environment = new HashMap<>();
        environment.put("HOLDFAST_STATE", folder.resolve(state).toString());
        environment.put("HOLDFAST_PATH", folder.resolve(configuration).toString());
        return Running.start(folder, environment, command).await();
    }
}
