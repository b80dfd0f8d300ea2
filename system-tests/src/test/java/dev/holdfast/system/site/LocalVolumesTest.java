package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volume {@code recover} lies on the server; bob may restore it, alice may not. */
@Timeout(600)
final class LocalVolumesTest {
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 13;
    private static final int NOT_FOUND = 10;
    private static final int DENIED = 12;
    private static final long MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SERVER = RealSite.SERVER;

    @TempDir
    Path folder;

    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.openWith(
                folder,
                "",
                yaml -> yaml.replace(
                                "- { name: papers }",
                                "- { name: papers }\n  - { name: recover, local: true, path: \"" + recover() + "\" }")
                        .replace("restore: [alice/documents]", "restore: [alice/documents, vault/recover]"));
    }

    private void configure(String yaml) throws Exception {
        site.configure(yaml);
        site.run(SERVER, "keygen", "--all").well();
        for (String machine : new String[] {SERVER, "alice", "bob"}) {
            site.install(machine);
        }
        site.run(SERVER, "server", "reload").well();
    }

    @AfterEach
    void closeSite() throws Exception {
        site.close();
    }

    private Path recover() {
        return folder.resolve("recover");
    }

    private Running startRestore(String... more) throws Exception {
        String[] words = {"restore", "recover", "--server=vault", "--to-volume", "papers", "--yes", "--json"};
        String[] all = new String[words.length + more.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return site.start("bob", all);
    }

    private Said restore(String... more) throws Exception {
        return startRestore(more).await();
    }

    private long snapshots() throws Exception {
        return site.run(SERVER, "snapshots", "/recover", "--json")
                .out()
                .lines()
                .filter(line -> line.contains("\"snapshot\""))
                .count();
    }

    private long addedByTheLast() throws Exception {
        return site.run("bob", "snapshots", "vault/recover", "--json")
                .well()
                .event("snapshot")
                .number("data_added_packed");
    }

    @Test
    void comeBackAsTheyAreAtThatMomentAndOnlyWhatChangedIsStoredAgain() throws Exception {
        Trees.fill(recover(), 4, 4, 1);
        Trees.shell(recover(), "mkdir sub && ln -s ../0 sub/link && truncate -s 3M sub/holes && chmod 750 sub");

        restore().well();
        Trees.assertSame(recover(), site.papers());
        assertThat(addedByTheLast()).isGreaterThan(14 * MIB);

        site.run(SERVER, "server", "stop").well();
        site.startServer();
        Files.writeString(recover().resolve("sub/new"), "written since");
        restore().well();

        Trees.assertSame(recover(), site.papers());
        assertThat(addedByTheLast()).as("bytes stored for the second").isLessThan(MIB);
        assertThat(snapshots()).isEqualTo(2);
        assertThat(site.run(SERVER, "server", "status").well().out()).contains("recover");
    }

    @Test
    void withoutAGrantNothingIsMade() throws Exception {
        Trees.fill(recover(), 1, 1, 2);

        Said refused = site.run(
                "alice", "restore", "recover", "--to", folder.resolve("taken").toString());

        assertThat(refused.ending(DENIED).err())
                .contains("host 'alice' may not read volume 'recover' of host 'vault'", "vault/recover");
        assertThat(folder.resolve("taken")).doesNotExist();
        assertThat(site.serverLog()).doesNotContain("'recover' began");
        assertThat(site.run("alice", "snapshots").everything()).contains("no snapshots yet");
    }

    @Test
    void aGrantThatTheServerTookBackHolds() throws Exception {
        Trees.fill(recover(), 1, 1, 2);
        restore().well();

        site.configureServer(site.configuration());
        site.run(SERVER, "server", "reload").well();

        assertThat(restore().exitCode()).isEqualTo(DENIED);
        assertThat(site.run("bob", "snapshots").well().everything()).doesNotContain("recover");
    }

    @Test
    void aVolumeThatIsNotThereIsNotFound() throws Exception {
        assertThat(restore().ending(NOT_FOUND).err()).contains("volume 'recover' is not on server 'vault'");
        assertThat(restore("--dry-run").ending(NOT_FOUND).err()).contains("volume 'recover' is not on server 'vault'");
        assertThat(site.run(SERVER, "check").everything())
                .containsPattern("failed +volume recover +.*recover does not exist");
        assertThat(site.run("bob", "backup", "recover").err()).contains("does not back up a volume 'recover'");
    }

    @Test
    void aClientThatIsKilledMeanwhileDoesNotBreakTheRun() throws Exception {
        Trees.fill(recover(), 40, 8, 3);
        Running restore = startRestore();
        Wait.until("the run has begun", PATIENCE, () -> site.serverLog().contains("backup of 'recover' began"));
        restore.kill();
        assertThat(site.serverLog()).as("killed in the middle").doesNotContain("of 'recover' committed");

        Wait.until("the run is over", PATIENCE, () -> site.serverLog().contains("of 'recover' committed"));
        restore("--snapshot", "latest").well();

        Trees.assertSame(recover(), site.papers());
        assertThat(snapshots()).isEqualTo(1);
        site.assertServerIsWell();
    }

    @Test
    void severalWhoAskAtOnceAreServed() throws Exception {
        Trees.fill(recover(), 8, 2, 4);
        Running[] all = new Running[3];
        for (int i = 0; i < all.length; i++) {
            all[i] = site.start(
                    "bob",
                    "restore",
                    "recover",
                    "--to",
                    folder.resolve("copy" + i).toString(),
                    "--json");
        }
        for (int i = 0; i < all.length; i++) {
            all[i].await().well();
            Trees.assertSame(recover(), folder.resolve("copy" + i));
        }
        assertThat(snapshots()).isBetween(1L, 3L);
    }

    @Test
    void anOlderSnapshotIsTakenWithoutMakingOne() throws Exception {
        Trees.fill(recover(), 2, 1, 5);
        restore().well();
        String first = site.run("bob", "snapshots", "--json").event("snapshot").text("short_id");
        Files.writeString(recover().resolve("later"), "later");
        restore().well();
        assertThat(site.papers().resolve("later")).exists();

        restore("--snapshot", first).well();

        assertThat(site.papers().resolve("later")).doesNotExist();
        assertThat(snapshots()).isEqualTo(2);
    }

    @Test
    void aDryRunMakesNoSnapshot() throws Exception {
        Trees.fill(recover(), 2, 1, 6);

        assertThat(restore("--dry-run").well().event("summary").text("place"))
                .isEqualTo(recover().toString());
        assertThat(snapshots()).isZero();

        restore().well();
        Files.writeString(recover().resolve("later"), "later");
        assertThat(restore("--dry-run").well().err()).contains("no snapshot is made", "its last snapshot");
        assertThat(snapshots()).isEqualTo(1);
    }

    @Test
    void theirSnapshotsAreBrowsedLikeOthers() throws Exception {
        Trees.fill(recover(), 1, 1, 7);
        Files.writeString(recover().resolve("note"), "one");
        restore().well();
        Files.writeString(recover().resolve("note"), "two, and longer");
        restore().well();

        for (String machine : new String[] {"bob", SERVER}) {
            assertThat(site.run(machine, "ls", "recover").well().out()).contains("note");
            assertThat(site.run(machine, "dump", "recover", "note").well().out())
                    .isEqualTo("two, and longer");
            assertThat(site.run(machine, "find", "recover", "note", "--all")
                            .well()
                            .out())
                    .containsPattern("(?s)note.*note");
            assertThat(site.run(machine, "find", "--any", "note").well().out()).contains("vault/recover");
            assertThat(site.run(machine, "stats", "recover").well().out()).contains("total");
            String first = site.run(machine, "snapshots", "recover")
                    .well()
                    .out()
                    .lines()
                    .skip(1)
                    .findFirst()
                    .orElseThrow()
                    .replaceFirst(" .*", "");
            assertThat(site.run(machine, "diff", "recover", first, "latest")
                            .well()
                            .out())
                    .contains("M  note");
        }
    }

    @Test
    void theServersOwnMachineRestoresAndExportsThem() throws Exception {
        Trees.fill(recover(), 2, 1, 8);
        Path copy = folder.resolve("copy");

        site.run(SERVER, "restore", "recover", "--to", copy.toString()).well();
        Trees.assertSame(recover(), copy);

        Files.writeString(recover().resolve("note"), "kept");
        site.run(SERVER, "restore", "recover").well();
        Files.delete(recover().resolve("note"));
        String saved = site.run(SERVER, "snapshots", "--json").event("snapshot").text("short_id");
        site.run(SERVER, "restore", "recover", "--snapshot", saved, "--yes").well();
        assertThat(recover().resolve("note")).hasContent("kept");

        Path archives = Files.createDirectory(folder.resolve("archives"));
        site.run(SERVER, "export", "recover", "--to-dir", archives.toString()).well();
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        Trees.shell(unpacked, "tar -xpf " + archives + "/vault-recover-*.tar");
        assertThat(site.run(SERVER, "export", "recover", "--to-dir", archives.toString(), "--dry-run")
                        .well()
                        .out())
                .as("the next snapshot has a name of its own")
                .contains(archives + "/vault-recover-", "dry run: nothing was written");
        Trees.assertSame(recover(), unpacked);
    }

    @Test
    void aServerCannotReadWhatIsSealed() throws Exception {
        Trees.fill(site.documents(), 1, 1, 9);
        site.backUp("alice", "documents").well();

        for (String command : new String[] {"export", "ls"}) {
            assertThat(site.run(SERVER, command, "documents", "--source", "alice")
                            .ending(DENIED)
                            .err())
                    .contains("server 'vault' cannot read backups of 'alice': it is of a sealed realm")
                    .contains("server: trusted");
        }
        assertThat(site.run(SERVER, "export", "documents").ending(USAGE).err())
                .contains("several clients back up volume 'documents': alice, bob");
    }

    @Test
    void aTrustedServerExportsWhatItsClientsBackedUp() throws Exception {
        configure(site.configuration() + "realms: [{ name: default, server: trusted }]\n");
        Path pictures = site.volume("alice", "pictures");
        Trees.fill(pictures, 1, 1, 10);
        site.run("alice", "backup", "pictures").well();

        site.run(SERVER, "export", "pictures").well();

        assertThat(site.run(SERVER, "snapshots").well().out()).contains("pictures");
        assertThat(folder.toFile().list()).anyMatch(name -> name.startsWith("alice-pictures-"));
    }

    @Test
    void aClientExportsWhatOnlyOneOtherBacksUp() throws Exception {
        configure(site.configuration().replace("restore: [alice/documents]", "restore: [pictures]"));
        Trees.fill(site.volume("alice", "pictures"), 1, 1, 11);
        site.run("alice", "backup", "pictures").well();

        site.run("bob", "export", "pictures").well();

        assertThat(folder.toFile().list()).anyMatch(name -> name.startsWith("alice-pictures-"));
    }

    @Test
    void ofSeveralServersTheOnlyOneThatHasAVolumeIsMeant() throws Exception {
        int port = site.port() == 65535 ? site.port() - 1 : site.port() + 1;
        String annex = "  - { name: annex, hostname: 127.0.0.1, port: " + port + ", listen: \"127.0.0.1:" + port
                + "\", data: \"" + folder.resolve("annex-data") + "\" }\n";
        configure(site.configuration().replace("clients:\n", annex + "clients:\n"));
        site.install("annex");
        Trees.fill(site.documents(), 2, 1, 12);
        site.run("alice", "backup", "documents", "--server", "vault").well();
        String target = folder.resolve("copy").toString();

        Said down = site.run("bob", "restore", "documents", "--source", "alice", "--to", target);
        assertThat(down.ending(UNREACHABLE).err()).contains("server 'annex' could not be asked", "--server vault");
        assertThat(folder.resolve("copy")).doesNotExist();
        Said half = site.run("alice", "snapshots");
        assertThat(half.ending(UNREACHABLE).out()).containsPattern("documents .* vault\n");
        assertThat(half.err()).contains("cannot reach server 'annex'");
        site.run("bob", "restore", "documents", "--source", "alice", "--to", target, "--server", "vault")
                .well();
        Trees.assertSame(site.documents(), folder.resolve("copy"));

        site.run("annex", "server", "start").well();
        try {
            Said up = site.run("bob", "restore", "documents", "--source", "alice", "--to", target);
            assertThat(up.well().err()).contains("is on server 'vault'").doesNotContain("could be asked");

            site.run("alice", "backup", "documents", "--server", "annex").well();
            assertThat(site.run("bob", "restore", "documents", "--source", "alice", "--to", target)
                            .ending(USAGE)
                            .err())
                    .contains("volume 'documents' is on several servers: vault, annex");
            assertThat(site.run("alice", "snapshots", "documents").well().out())
                    .containsPattern("OUTCOME +SERVER\n.*documents.* vault\n.*documents.* annex\n");
            assertThat(site.run("alice", "snapshots", "--json").well().out())
                    .contains("\"server\":\"vault\"", "\"server\":\"annex\"");
            assertThat(site.run("alice", "snapshots", "--server", "annex")
                            .well()
                            .out())
                    .doesNotContain("SERVER");
        } finally {
            site.run("annex", "server", "stop").well();
        }
    }

    @Test
    void whoMayRestoreWhatIsChecked() throws Exception {
        Trees.fill(recover(), 1, 1, 13);

        assertThat(site.run(SERVER, "check").everything())
                .containsPattern("ok +realm local-vault +its key opens")
                .containsPattern(
                        "ok +volume recover +" + Pattern.quote(recover().toString()) + " can be read");
        assertThat(site.run("bob", "check", "--connection").everything())
                .containsPattern("ok +realm local-vault +its key opens")
                .containsPattern("ok +local volumes +may restore, as they are on the servers, vault/recover");
        assertThat(site.run("alice", "check").everything())
                .containsPattern("ok +local volumes +may restore none")
                .doesNotContain("local-vault");
    }
}
