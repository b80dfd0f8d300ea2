package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.files.DeviceNumber;
import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.Owner;
import dev.holdfast.core.tree.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking into two snapshots of photos and one of papers, over real SSH. */
final class BrowsingTest {
    @TempDir
    static Path folder;

    private static TwoHosts site;
    private static String monday;
    private static String tuesday;
    private static String papers;

    @BeforeAll
    static void backUp() throws IOException {
        site = new TwoHosts(folder);
        site.write("alice", "photos", "readme.txt", "twelve bytes");
        site.write("alice", "photos", "2026/rome/fountain.jpg", "trevi");
        site.write("alice", "photos", "2026/rome/hill.jpg", "palatine");
        site.write("alice", "photos", "2026.old/ostia.JPG", "sea");
        site.write("alice", "photos", "zoo/tiger.raw", "x".repeat(3000), Instant.parse("2026-03-01T00:00:00Z"));
        Files.createSymbolicLink(site.volume("alice", "photos").resolve("zoo/best"), Path.of("tiger.raw"));
        Files.createDirectories(site.volume("alice", "mail"));
        monday = site.backUp("alice", "photos");
        site.write("alice", "photos", "readme.txt", "thirteen byte");
        Files.delete(site.volume("alice", "photos").resolve("2026/rome/hill.jpg"));
        site.write("alice", "photos", "2027/plan.txt", "go north");
        tuesday = site.backUp("alice", "photos");
        site.write("bob", "papers", "thesis.tex", "draft");
        papers = site.backUp("bob", "papers");
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    private static ProgramRun on(String host, String... args) {
        ProgramRun run = site.on(host).run(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run;
    }

    private static String brief(String id) {
        return id.substring(0, 8);
    }

    /** Owners and sizes of seals differ from machine to machine. */
    private static String steady(String out) {
        return out.replace(brief(monday), "MONDAY__")
                .replace(brief(tuesday), "TUESDAY_")
                .replace(brief(papers), "PAPERS__")
                .replaceAll("(?m)^([-dl][-rwxst]{9})  \\S+ +\\S+ +", "$1  OWNER ")
                .replaceAll(" [0-9.]+ K?i?B  complete", " ADDED  complete");
    }

    @Test
    void snapshotsListsWhatThisMachineMayReadOldestFirst() {
        assertThat(steady(on("bob", "snapshots").out()).replaceAll(" {2,}", "  "))
                .isEqualTo("""
                ID  RECEIVED  AGE  HOST  VOLUME  FILES  SIZE  ADDED  OUTCOME
                MONDAY__  2026-11-20 13:00:00  3 days ago  alice  photos  5  3.0 KiB  ADDED  complete
                TUESDAY_  2026-11-21 13:00:00  2 days ago  alice  photos  5  3.0 KiB  ADDED  complete
                PAPERS__  2026-11-22 13:00:00  24 hours ago  bob  papers  1  5 B  ADDED  complete
                """);
        assertThat(on("alice", "snapshots").out()).doesNotContain("papers");
    }

    @Test
    void snapshotsCanBeNarrowedToAHostAVolumeOrTheNewest() {
        assertThat(on("bob", "snapshots", "alice").out())
                .contains(brief(monday))
                .doesNotContain(brief(papers));
        assertThat(on("bob", "snapshots", "papers").out())
                .contains(brief(papers))
                .doesNotContain(brief(monday));
        assertThat(on("bob", "snapshots", "alice/photos", "--last", "1").out())
                .contains(brief(tuesday))
                .doesNotContain(brief(monday));
    }

    @Test
    void filesAreRegularFilesInBackupSnapshotsAndStatsAlike() {
        String backup = site.on("alice")
                .run("backup", "photos", "--dry-run", "--json", "--progress=none")
                .out();
        String snapshot =
                on("alice", "snapshots", "photos", "--last", "1", "--json").out();
        String stats = on("alice", "stats", "photos", "--json").out();

        assertThat(List.of(backup, snapshot))
                .allSatisfy(json -> assertThat(json).contains("\"total_files_processed\":5,"));
        assertThat(stats.lines().limit(2)).allSatisfy(json -> assertThat(json).contains("\"total_file_count\":5,"));
    }

    @Test
    void snapshotsSpeakJsonWithTheNamesOfRestic() {
        String line =
                on("alice", "snapshots", "photos", "--last", "1", "--json").out();

        assertThat(line)
                .startsWith("{\"message_type\":\"snapshot\",\"id\":\"" + tuesday + "\",\"short_id\":\"" + brief(tuesday)
                        + "\",\"time\":\"2026-11-21T12:00:00Z\",\"hostname\":\"alice\",\"volume\":\"photos\"");
        assertThat(line).contains("\"summary\":{\"total_files_processed\":5,\"total_bytes_processed\":3029,");
        assertThat(TwoHosts.field(line, "previous")).isEqualTo(monday);
    }

    @Test
    void aVolumeWithoutSnapshotsSaysWhereThereAreSome() {
        ProgramRun other = site.on("bob").run("ls", "photos", "--source", "bob");
        assertThat(other.exitCode()).isEqualTo(10);
        assertThat(other.err()).contains("no snapshot of bob/photos").contains("--source alice");

        ProgramRun none = site.on("alice").run("snapshots", "alice/mail");
        assertThat(none.exitCode()).isEqualTo(10);
        assertThat(none.err()).contains("no snapshot of alice/mail").contains("`holdfast backup mail`");
    }

    @Test
    void theBackupOfTheOnlyHostThatMakesAnyIsMeantByOthersToo() {
        assertThat(site.on("bob").run("ls", "photos").out())
                .isEqualTo(
                        site.on("bob").run("ls", "photos", "--source", "alice").out())
                .isNotEmpty();
    }

    @Test
    void snapshotsOfAnUnknownNameNameTheNearestHostOrVolume() {
        for (String[] name : new String[][] {{"alcie", "alice"}, {"photo", "photos"}}) {
            ProgramRun run = site.on("bob").run("snapshots", name[0]);
            assertThat(run.exitCode()).isEqualTo(10);
            assertThat(run.err())
                    .contains("there is no snapshot of '" + name[0] + "' that this machine may read")
                    .contains("hint: Did you mean '" + name[1] + "'? `holdfast snapshots`");
        }
    }

    @Test
    void aKnownVolumeWithoutAnySnapshotIsNotTakenForASlip() {
        ProgramRun run = site.on("alice").run("snapshots", "mail");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err())
                .contains("there is no snapshot of 'mail' that this machine may read", "`holdfast snapshots`")
                .doesNotContain("Did you mean");
    }

    @Test
    void lsShowsMajorAndMinorOfDevicesInPlaceOfASize() throws MalformedException {
        assertThat(line(EntryType.CHARACTER_DEVICE, DeviceNumber.of(1, 3)))
                .startsWith("crw-r-----")
                .contains(" 1, 3 ");
        assertThat(line(EntryType.BLOCK_DEVICE, DeviceNumber.of(8, 70_000)))
                .startsWith("brw-r-----")
                .contains(" 8, 70000 ");
        assertThat(line(EntryType.FIFO, 0)).startsWith("prw-r-----").contains(" - ");
    }

    private static String line(EntryType type, long device) throws MalformedException {
        Entry entry = new Entry(
                EntryPath.ofText("dev/thing"),
                type,
                0640,
                new Owner(0, 0, "root", "root"),
                new Timestamp(0, 0),
                new Timestamp(0, 0),
                1,
                0,
                1,
                device,
                0,
                new byte[0],
                List.of(),
                Content.EMPTY,
                new byte[0],
                false);
        return new EntryLine(new LocalTimes(ZoneOffset.UTC), false).show(entry, "thing");
    }

    @Test
    void withoutAGrantNothingIsShown() {
        ProgramRun run = site.on("alice").run("ls", "papers", "--source", "bob");

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.err()).contains("host 'alice' may not read volume 'papers' of host 'bob'");
    }

    @Test
    void lsShowsOneFolderWithoutWhatIsBelow() {
        assertThat(steady(on("alice", "ls", "photos").out()).replaceAll("(?m)^d.*  (\\S+)$", "folder $1"))
                .isEqualTo("""
                folder 2026
                folder 2026.old
                folder 2027
                -rw-r--r--  OWNER 13 B  2026-01-01 11:20:30  readme.txt
                folder zoo
                """);
        assertThat(steady(on("bob", "ls", "photos", "zoo/", "--source", "alice").out()))
                .startsWith("lrwxrwxrwx  OWNER -  ")
                .contains("  best -> tiger.raw\n")
                .endsWith("-rw-r--r--  OWNER 2.9 KiB  2026-03-01 01:00:00  tiger.raw\n");
    }

    @Test
    void lsRecursiveShowsPathsOfEverythingBelow() {
        assertThat(on("alice", "ls", "-R", "photos", "2026", "--snapshot", monday)
                        .out()
                        .replaceAll("(?m)^.*  ", ""))
                .isEqualTo("2026/rome\n2026/rome/fountain.jpg\n2026/rome/hill.jpg\n");
    }

    @Test
    void lsSpeaksJsonWithTheNamesOfRestic() {
        assertThat(on("alice", "ls", "photos", "readme.txt", "--json").out())
                .startsWith(
                        "{\"message_type\":\"node\",\"name\":\"readme.txt\",\"type\":\"file\",\"path\":\"/readme.txt\",")
                .contains("\"size\":13,\"mode\":420,\"permissions\":\"-rw-r--r--\",\"mtime\":\"2026-01-01T10:20:30Z\"");
    }

    @Test
    void aPathThatTheSnapshotLacksNamesTheNearestThatItHas() {
        assertNearest("readme.txt", "ls", "photos", "README.tx");
        assertNearest("2026/rome/fountain.jpg", "dump", "photos", "2026/rmoe/fountain.jpg");
        assertNearest("2026/rome/fountain.jpg", "dump", "photos", "2026/rome/fountian.jpg");
        assertNearest("2026/rome", "ls", "photos", "2026/roma/no/such/thing");
        assertNearest("2026/rome", "dump", "photos", "2026/rome/nothing like anything");
        assertNearest("zoo/tiger.raw", "restore", "photos", "zoo/tigger.raw", "--yes");
        assertNearest("zoo", "restore", "photos", "zo", "--to", "x", "--yes");
        ProgramRun none = site.on("alice").run("dump", "photos", "quite different");
        assertThat(none.exitCode()).isEqualTo(10);
        assertThat(none.err()).doesNotContain("nearest");
    }

    private static void assertNearest(String path, String... args) {
        ProgramRun run = site.on("alice").run(args);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(10);
        assertThat(run.err()).contains("hint: The nearest path there is '" + path + "'. `holdfast ");
    }

    @Test
    void lsOfAMissingPathSaysHowToLookForIt() {
        ProgramRun run = site.on("alice").run("ls", "photos", "2026/rome/hill.jpg");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err())
                .contains("has no '2026/rome/hill.jpg'")
                .contains("`holdfast ls photos '2026/rome'`")
                .contains("--all");
    }

    @Test
    void atATimeTheNewestSnapshotReceivedByThenIsMeantAndTold() {
        ProgramRun run = site.on("alice").run("ls", "photos", "readme.txt", "--at", "2026-11-20");

        assertThat(run.out()).contains("12 B");
        assertThat(run.err())
                .isEqualTo("as of 2026-11-20 23:59:59 +01:00: snapshot " + brief(monday)
                        + ", received 2026-11-20 13:00:00 +01:00\n");
    }

    @Test
    void findLooksInTheLatestOrInAllSnapshots() {
        assertThat(on("alice", "find", "photos", "*.jpg").out().replaceAll("(?m)^.*  ", ""))
                .isEqualTo("2026/rome/fountain.jpg\n");
        assertThat(on("alice", "find", "photos", "*.JPG", "-i", "--all").out().replaceAll("(?m)^  .*  ", "  "))
                .isEqualTo("""
                        snapshot MONDAY of alice/photos, received 2026-11-20 13:00:00
                          2026/rome/fountain.jpg
                          2026/rome/hill.jpg
                          2026.old/ostia.JPG
                        snapshot TUESDAY of alice/photos, received 2026-11-21 13:00:00
                          2026/rome/fountain.jpg
                          2026.old/ostia.JPG
                        """.replace("MONDAY", brief(monday)).replace("TUESDAY", brief(tuesday)));
    }

    @Test
    void findWithoutAMatchSaysSoToPeopleAndNothingToPrograms() {
        ProgramRun forPeople = site.on("alice").run("find", "photos", "*.nowhere");
        assertThat(forPeople.exitCode()).isZero();
        assertThat(forPeople.out()).isEmpty();
        assertThat(forPeople.err()).isEqualTo("nothing found\n");

        assertThat(on("alice", "find", "photos", "*.nowhere", "--json").out()).isEmpty();
    }

    @Test
    void findFiltersByTypeTimeSizeAndAnyVolume() {
        assertThat(on("alice", "find", "photos", "*", "--type", "symlink").out())
                .contains("zoo/best")
                .hasLineCount(1);
        assertThat(on("alice", "find", "photos", "*", "--type", "f", "--newer", "2026-02-01")
                        .out())
                .contains("zoo/tiger.raw")
                .hasLineCount(1);
        assertThat(on("alice", "find", "photos", "**/*", "--larger", "1KiB").out())
                .contains("zoo/tiger.raw")
                .hasLineCount(1);
        assertThat(on("bob", "find", "--any", "t*", "--type", "file", "--json").out())
                .contains("\"path\":\"/zoo/tiger.raw\"")
                .contains("\"path\":\"/thesis.tex\"")
                .hasLineCount(2);
    }

    @Test
    void diffShowsWhatCameWentAndChanged() {
        assertThat(on("alice", "diff", "photos", monday, "latest").out()).isEqualTo("""
                -  2026/rome/hill.jpg
                +  2027/
                +  2027/plan.txt
                M  readme.txt
                added:   1 files, 1 folders, 0 others, 8 B
                removed: 1 files, 0 folders, 0 others, 8 B
                changed: 1 by content, 0 by metadata only
                """);
    }

    @Test
    void diffTellsByExitCodeOnlyWhenAsked() {
        assertThat(site.on("alice")
                        .run("diff", "photos", monday, tuesday, "--exit-code")
                        .exitCode())
                .isEqualTo(1);
        ProgramRun same = site.on("alice").run("diff", "photos", tuesday, tuesday, "--exit-code");
        assertThat(same.exitCode()).isZero();
        assertThat(same.out()).isEqualTo("no differences\n");
    }

    @Test
    void diffSpeaksJsonWithTheNamesOfRestic() {
        assertThat(on("alice", "diff", "photos", monday, tuesday, "--json").out())
                .contains("{\"message_type\":\"change\",\"path\":\"/readme.txt\",\"modifier\":\"M\",\"type\":\"file\","
                        + "\"size_before\":12,\"size_after\":13}")
                .endsWith("\"changed_files\":1,\"changed_metadata\":0,"
                        + "\"added\":{\"files\":1,\"dirs\":1,\"others\":0,\"bytes\":8},"
                        + "\"removed\":{\"files\":1,\"dirs\":0,\"others\":0,\"bytes\":8}}\n");
    }

    @Test
    void diffWithoutASecondSnapshotLooksAtTheVolumeAsItIsNow() throws IOException {
        assertThat(on("bob", "diff", "papers", "latest").out()).isEqualTo("no differences\n");

        Path notes = site.write("bob", "papers", "notes.txt", "new");
        Path passing = site.write("bob", "papers", "passing.tmp", "excluded");
        try {
            assertThat(on("bob", "diff", "papers", papers).out()).startsWith("+  notes.txt\nadded:   1 files");
        } finally {
            Files.delete(notes);
            Files.delete(passing);
        }
    }

    @Test
    void statsCountSharedContentOnce() {
        String exact = on("alice", "stats", "photos", "--exact", "--json").out();

        assertThat(exact.lines().toList().get(0))
                .contains("\"message_type\":\"snapshot_stats\"", "\"total_size\":3028");
        assertThat(exact.lines().toList().get(2))
                .startsWith(
                        "{\"message_type\":\"stats\",\"name\":\"total\",\"snapshots_count\":2,\"total_file_count\":10,"
                                + "\"total_size\":6057,")
                .contains("\"total_unique_size\":3049,");
        assertThat(on("bob", "stats").out().replaceAll(" {2,}.*", ""))
                .isEqualTo("VOLUME\nalice/photos\nbob/papers\ntotal\n");
    }
}
