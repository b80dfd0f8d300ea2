package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restoring through the program, over real SSH. */
final class RestoringTest {
    @TempDir
    Path folder;

    private TwoHosts site;
    private String first;

    @BeforeEach
    void backUp() throws IOException {
        site = new TwoHosts(folder);
        site.write("alice", "photos", "readme.txt", "first");
        site.write("alice", "photos", "rome/fountain.jpg", "trevi\u0000\u0001");
        first = site.backUp("alice", "photos");
        site.write("alice", "photos", "readme.txt", "second edition");
        site.backUp("alice", "photos");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private Path photos(String host) {
        return site.volume(host, "photos");
    }

    @Test
    void theFormOfPrivateerWorksOntoAnotherHostWithoutAQuestion() throws IOException {
        ProgramRun run =
                site.on("bob").run("restore", "photos", "--server=attic", "--source=alice", "--to-volume=papers");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(site.volume("bob", "papers").resolve("readme.txt")).hasContent("second edition");
        assertThat(run.out()).contains(" is in " + site.volume("bob", "papers"));
    }

    @Test
    void whatIsThereIsChangedOnlyAfterAYes() throws IOException {
        site.write("alice", "photos", "readme.txt", "changed by hand");
        site.write("alice", "photos", "extra.txt", "not in the snapshot");

        ProgramRun no = site.on("alice").answering("n").run("restore", "photos");
        assertThat(no.exitCode()).isEqualTo(130);
        assertThat(no.out()).contains("  update readme.txt\n", "  delete extra.txt\n");
        assertThat(photos("alice").resolve("readme.txt")).hasContent("changed by hand");

        ProgramRun yes = site.on("alice").answering("y").run("restore", "photos");
        assertThat(yes.exitCode()).as(yes.err()).isZero();
        assertThat(photos("alice").resolve("readme.txt")).hasContent("second edition");
        assertThat(photos("alice").resolve("extra.txt")).doesNotExist();
    }

    @Test
    void aScriptTakesNoCopyThatMayBeOlderThanOneOnAServerThatDoesNotAnswer() throws IOException {
        site.addSilentServer("alice");
        site.write("alice", "photos", "readme.txt", "changed by hand");

        for (String way : List.of("--yes", "--json", "--dry-run")) {
            ProgramRun run = site.on("alice").run("restore", "photos", way);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(13);
            assertThat(run.err())
                    .contains(
                            "server 'annex' could not be asked for volume 'photos' and may have newer backups: the newest"
                                    + " snapshot on server 'attic' is of ")
                    .contains("24 hours ago", "say `--server attic`");
        }
        assertThat(photos("alice").resolve("readme.txt")).hasContent("changed by hand");
        assertThat(site.on("alice").run("ls", "photos").exitCode())
                .as("looking is free")
                .isZero();

        ProgramRun named = site.on("alice").run("restore", "photos", "--yes", "--snapshot", first.substring(0, 8));
        assertThat(named.exitCode()).as(named.err()).isZero();
        assertThat(named.err()).contains("not every server could be asked");
        assertThat(photos("alice").resolve("readme.txt")).hasContent("first");
        assertThat(site.on("alice")
                        .run("restore", "photos", "--yes", "--server", "attic")
                        .exitCode())
                .isZero();
        assertThat(photos("alice").resolve("readme.txt")).hasContent("second edition");
    }

    @Test
    void aPersonIsAskedBeforeACopyIsTakenThatMayBeOlder() throws IOException {
        site.addSilentServer("alice");
        Files.delete(photos("alice").resolve("readme.txt"));

        ProgramRun no = site.on("alice").answering("n").run("restore", "photos");
        assertThat(no.exitCode()).isEqualTo(130);
        assertThat(no.out())
                .contains("server 'annex' could not be asked and may have newer backups; the newest snapshot on");
        assertThat(photos("alice").resolve("readme.txt")).doesNotExist();

        ProgramRun dry = site.on("alice").answering().run("restore", "photos", "--dry-run");
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.out())
                .contains(
                        "server 'annex' could not be asked and may have newer backups; the newest snapshot on",
                        "without --dry-run this is asked first: Restore from server 'attic'?",
                        "create");

        ProgramRun yes = site.on("alice").answering("y", "y").run("restore", "photos");
        assertThat(yes.exitCode()).as(yes.err()).isZero();
        assertThat(photos("alice").resolve("readme.txt")).hasContent("second edition");
    }

    @Test
    void aFolderThatAnImportHasNotFinishedIsLeftAlone() throws IOException {
        site.write("alice", "photos", ".holdfast-import/half", "of an archive");

        ProgramRun run = site.on("alice").run("restore", "photos", "--yes");
        assertThat(run.exitCode()).isEqualTo(11);
        assertThat(run.err()).contains("is at work or was interrupted");
        assertThat(photos("alice").resolve(".holdfast-import/half")).exists();
    }

    @Test
    void whoeverMayChangeTheConfigurationIsWarnedOfInOneLine() throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        assertThat(site.on("alice").run("backup", "photos").err()).doesNotContain("others may");
        SetupSite.widenForWriting(file);

        for (ProgramRun run : new ProgramRun[] {
            site.on("alice").run("backup", "photos"), site.on("alice").run("restore", "photos", "--yes")
        }) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err().lines())
                    .filteredOn(line -> line.contains("warning"))
                    .singleElement()
                    .asString()
                    .startsWith("warning: the configuration decides who may restore what, and others may exchange ")
                    .contains("chmod go-w '" + file + "'");
        }
    }

    @Test
    void inAScriptWhatIsThereNeedsYes() throws IOException {
        site.write("alice", "photos", "readme.txt", "changed by hand");

        ProgramRun asked = site.on("alice").run("restore", "photos");
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.err()).contains("--yes");
        assertThat(photos("alice").resolve("readme.txt")).hasContent("changed by hand");

        assertThat(site.on("alice").run("restore", "photos", "--yes").exitCode())
                .isZero();
        assertThat(photos("alice").resolve("readme.txt")).hasContent("second edition");
    }

    @Test
    void aDryRunShowsThePlanAndChangesNothing() throws IOException {
        Files.delete(photos("alice").resolve("rome/fountain.jpg"));

        ProgramRun run = site.on("alice").run("restore", "photos", "--dry-run", "--verbose");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("  create rome/fountain.jpg\n").endsWith("dry run: nothing was changed\n");
        assertThat(photos("alice").resolve("rome/fountain.jpg")).doesNotExist();
    }

    @Test
    void singlePathsGoIntoAFolderAndTheRestStays() throws IOException {
        Path to = Files.createDirectories(folder.resolve("look"));
        Files.writeString(to.resolve("mine.txt"), "stays");

        ProgramRun run = site.on("alice").run("restore", "photos", "rome", "--to", to.toString(), "--yes");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(to.resolve("rome/fountain.jpg")).exists();
        assertThat(to.resolve("readme.txt")).doesNotExist();
        assertThat(to.resolve("mine.txt")).hasContent("stays");
    }

    @Test
    void whatTheConfigurationExcludesFromTheTargetIsLeftAloneThoughExtrasGo() throws IOException {
        Path extra = site.write("bob", "papers", "extra.txt", "goes");
        Path excluded = site.write("bob", "papers", "cache/passing.tmp", "stays");

        ProgramRun run = site.on("bob")
                .run("restore", "photos", "--source", "alice", "--to-volume", "papers", "--yes", "--verbose");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("  delete extra.txt\n").doesNotContain("passing.tmp");
        assertThat(extra).doesNotExist();
        assertThat(excluded).hasContent("stays");
    }

    @Test
    void aWholeVolumeIntoAFolderDeletesOnlyWhenAsked() throws IOException {
        Path to = Files.createDirectories(folder.resolve("look"));
        Files.writeString(to.resolve("mine.txt"), "stays");

        site.on("alice").run("restore", "photos", "--to", to.toString(), "--yes");
        assertThat(to.resolve("mine.txt")).exists();

        site.on("alice").run("restore", "photos", "--to", to.toString(), "--yes", "--delete");
        assertThat(to.resolve("mine.txt")).doesNotExist();
        assertThat(to.resolve("readme.txt")).exists();
    }

    @Test
    void anEarlierSnapshotComesBackByTimeOrId() {
        Path byTime = folder.resolve("by-time");
        Path byId = folder.resolve("by-id");

        ProgramRun run = site.on("alice").run("restore", "photos", "--at", "2026-11-20", "--to", byTime.toString());
        site.on("alice").run("restore", "photos", "--snapshot", first.substring(0, 10), "--to", byId.toString());

        assertThat(run.err()).contains("as of 2026-11-20 23:59:59 +01:00: snapshot " + first.substring(0, 8));
        assertThat(byTime.resolve("readme.txt")).hasContent("first");
        assertThat(byId.resolve("readme.txt")).hasContent("first");
    }

    @Test
    void theSummaryHasTheNamesOfRestic() {
        ProgramRun run = site.on("bob").run("restore", "photos", "--source", "alice", "--json", "--progress=none");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("{\"message_type\":\"summary\",\"snapshot_id\":\"")
                .contains("\"files_restored\":", "\"files_skipped\":0,\"files_deleted\":0,\"files_failed\":0,")
                .contains("\"total_bytes\":21,\"bytes_restored\":21,\"bytes_skipped\":0,")
                .contains("\"seconds_elapsed\":");
    }

    @Test
    void aDryRunHasEveryFieldOfTheRealRun() throws IOException {
        String[] words = {"restore", "photos", "--source", "alice", "--to-volume", "papers", "--yes", "--json"};
        site.write("bob", "papers", "readme.txt", "other");
        ProgramRun plan = site.on("bob")
                .run(Stream.concat(Stream.of(words), Stream.of("-n")).toArray(String[]::new));
        ProgramRun run = site.on("bob").run(words);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(fields(plan))
                .isEqualTo(fields(run))
                .contains("actions", "touched", "total_duration", "files_failed");
        assertThat(plan.out())
                .contains(
                        "\"actions\":{\"create\":2,\"replace\":0,\"update\":1,\"metadata\":0,\"keep\":0,\"delete\":0}")
                .contains("\"touched\":[{\"action\":\"update\",\"item\":\"/readme.txt\",\"size\":14}]");
    }

    private static Set<String> fields(ProgramRun run) {
        String summary = run.out()
                .lines()
                .filter(line -> line.contains("\"message_type\":\"summary\""))
                .findFirst()
                .orElseThrow();
        return Pattern.compile("\"([a-z_]+)\":")
                .matcher(summary)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void oneFileIsNotCalledFiles() {
        ProgramRun run = site.on("alice").run("restore", "photos", "readme.txt", "--to", "look", "--dry-run");

        assertThat(run.out()).contains("  to write: 1 file, 14 B\n");
        assertThat(site.on("alice")
                        .run("restore", "photos", "readme.txt", "--to", "look")
                        .out())
                .contains(" written in 1 file, ");
    }

    @Test
    void aSlipInTheNameOfTheTargetMakesNoFolder() {
        ProgramRun run = site.on("bob").run("restore", "photos", "--source", "alice", "--to-volume", "papres", "--yes");

        assertNotFound(run, "client 'bob' has no volume 'papres'", "Did you mean 'papers'?");
        assertThat(site.volume("bob", "papres")).doesNotExist();
    }

    @Test
    void aVolumeThatNobodyHasHeardOfIsMadeOnlyWhenThatIsConfirmed() {
        String[] words = {"restore", "photos", "--source", "alice", "--to-volume", "scrapbook"};
        Path scrapbook = site.volume("bob", "scrapbook");

        ProgramRun asked = site.on("bob").run(words);
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.err()).contains("a new one is made in " + scrapbook).contains("--yes");
        assertThat(site.on("bob").answering("n").run(words).exitCode()).isEqualTo(130);
        assertThat(scrapbook).doesNotExist();

        assertThat(site.on("bob").answering("y").run(words).exitCode()).isZero();
        assertThat(scrapbook.resolve("readme.txt")).hasContent("second edition");
        assertThat(site.on("bob").run(words).exitCode()).as("it is there now").isZero();
    }

    @Test
    void withoutAGrantNothingIsDone() {
        ProgramRun run = site.on("alice").run("restore", "papers", "--source", "bob");

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.err()).contains("may not read volume 'papers' of host 'bob'");
        assertThat(site.volume("alice", "papers")).doesNotExist();
    }

    @Test
    void namesThatNobodyHasAreNoSuchThingAndTheNearestIsNamed() {
        assertNotFound(
                site.on("alice").run("backup", "phtos"),
                "client 'alice' does not back up a volume 'phtos'",
                "Did you mean 'photos'?");
        assertNotFound(
                site.on("alice").run("backup", "nothing"), "no volume 'nothing'", "Known are photos, mail, papers.");
        assertNotFound(site.on("alice").run("restore", "phtos"), "no volume 'phtos'", "Did you mean 'photos'?");
        assertNotFound(
                site.on("alice").run("restore", "photos", "--source", "bbo"),
                "no machine 'bbo'",
                "Did you mean 'bob'?");
        assertNotFound(
                site.on("bob").run("restore", "photos", "--to", "x", "--source", "nohost"),
                "no snapshot of nohost/photos",
                "`--source alice`");
        assertNotFound(site.on("alice").run("ls", "phtos"), "no volume 'phtos'", "Did you mean 'photos'?");

        ProgramRun known = site.on("alice").run("backup", "papers");
        assertThat(known.exitCode()).isEqualTo(12);
        assertThat(known.err()).contains("does not back up a volume 'papers'").contains("`backup` list");
    }

    private static void assertNotFound(ProgramRun run, String message, String hint) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(10);
        assertThat(run.err()).contains(message).contains(hint);
    }

    @Test
    void aTargetThatCannotBeMadeSaysWhy() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        ProgramRun run = site.on("alice")
                .run("restore", "photos", "--to", file.resolve("below").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "target " + file.resolve("below") + " cannot be made: " + file + " is there and is no folder");
    }

    @Test
    void aPathThatIsNotInTheSnapshotIsNamed() {
        ProgramRun run = site.on("alice").run("restore", "photos", "romme", "--yes");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err()).contains("the snapshot has no 'romme'");
    }

    @Test
    void wrongUseIsRefused() {
        assertThat(site.on("alice").run("restore", "photos", "--owner", "ada").err())
                .contains("'ada' is no owner");
        assertThat(site.on("alice")
                        .run("restore", "photos", "--to", "x", "--to-volume", "mail")
                        .err())
                .contains("both say where");
        assertThat(site.on("alice").run("restore", "photos", "rome", "--delete").exitCode())
                .isEqualTo(2);
    }

    @Test
    void dumpWritesTheFileAndNothingElse() {
        ProgramRun run = site.on("alice").run("dump", "photos", "rome/fountain.jpg");

        assertThat(run.exitCode()).isZero();
        assertThat(run.outBytes()).containsExactly('t', 'r', 'e', 'v', 'i', 0, 1);
    }

    @Test
    void dumpKeepsBinaryOffATerminalUnlessForced() {
        Terminal.Shape terminal = new Terminal.Shape(true, true, true, 80, false);

        ProgramRun refused = site.on("alice").on(terminal).run("dump", "photos", "rome/fountain.jpg");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.outBytes()).isEmpty();
        assertThat(site.on("alice")
                        .on(terminal)
                        .run("dump", "photos", "readme.txt")
                        .out())
                .isEqualTo("second edition");
        assertThat(site.on("alice")
                        .on(terminal)
                        .run("dump", "photos", "rome/fountain.jpg", "--force")
                        .outBytes())
                .hasSize(7);
    }

    @Test
    void aServerThatForgotSnapshotsIsNoticedAtTheNextListingAndBackup() throws IOException {
        Path copy = folder.resolve("older");
        site.restart(data -> copy(data, copy));
        site.write("alice", "photos", "third.txt", "third");
        site.backUp("alice", "photos");
        assertThat(site.on("alice").run("snapshots").err()).isEmpty();

        site.restart(data -> {
            remove(data);
            copy(copy, data);
        });

        ProgramRun listing = site.on("alice").run("snapshots", "--quiet");
        assertThat(listing.exitCode()).isZero();
        assertThat(listing.err())
                .startsWith("WARNING: server 'attic' no longer has snapshot ")
                .contains("[HF-DAMAGE]");
        assertThat(site.on("alice").run("backup", "photos").err()).contains("its history was r");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aQuietBackupStillSaysThatSomethingCouldNotBeRead() throws IOException {
        Path secret = site.write("alice", "photos", "secret.txt", "for others' eyes");
        Files.setPosixFilePermissions(secret, Set.of());
        Assumptions.assumeFalse(Files.isReadable(secret), "a file that cannot be read (needs an ordinary user)");

        ProgramRun run = site.on("alice").run("backup", "photos", "--quiet");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("WARNING: the snapshot of volume 'photos' lacks what could not be read: 1 file, such as: ");
    }
}
