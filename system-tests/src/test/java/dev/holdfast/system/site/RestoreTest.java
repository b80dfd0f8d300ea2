package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code holdfast restore} can be asked for: each test has a target of its own, all have one site. */
@Timeout(600)
final class RestoreTest {
    private static final int USAGE = 2;
    private static final int PARTIAL = 3;
    private static final int NO_SUCH_THING = 10;
    private static final String LISTING =
            "find . -mindepth 1 -printf '%P %y %m %s %T@\\n' | sort; cat $(find . -type f)";

    @TempDir
    static Path folder;

    private static RealSite site;
    private static Path asItWas;
    private static String first;
    private static String firstReceived;
    private static long filesBackedUp;

    private Path target;

    /** Two snapshots: one of {@link #asItWas}, and one with a changed file and a new one. */
    @BeforeAll
    static void backUpTwice() throws Exception {
        site = RealSite.open(folder);
        asItWas = folder.resolve("as-it-was");
        Trees.shell(
                site.documents(),
                "mkdir -p a/deep empty; echo one > a/deep/one; echo two > two; head -c 6M /dev/urandom > a/large;"
                        + " ln a/large again; ln -s two link; mkfifo fifo; truncate -s 3M holes; chmod 0640 two; cp /bin/true suid;"
                        + " chmod 4755 suid; echo latin > $'caf\\xe9'; echo utf > $'gr\\xc3\\xbcn'; echo back > 'a\\x41'; touch -d '2020-02-02 02:02:02.2' a/deep/one a/deep a empty .");
        if (Trees.isRoot()) {
            Trees.shell(
                    site.documents(),
                    "mknod null c 1 3; chown 12:34 two; chown 0:56 a/deep; setfattr -n user.mark -v mine two;"
                            + " setfattr -n trusted.mark -v roots two; setfattr -n security.mark -v modules suid || true");
        }
        Trees.shell(folder, "cp -a '" + site.documents() + "' '" + asItWas + "'");
        first = site.backUp("alice", "documents").well().summary().text("snapshot_id");
        firstReceived = site.run("alice", "snapshots", "--json")
                .well()
                .event("snapshot")
                .text("time");
        Trees.shell(site.documents(), "echo three > two; echo new > new");
        filesBackedUp = site.backUp("alice", "documents").well().summary().number("total_files_processed");
    }

    @AfterAll
    static void closeSite() throws Exception {
        site.close();
    }

    @BeforeEach
    void chooseTarget(TestInfo test) {
        target = folder.resolve("to-" + test.getTestMethod().orElseThrow().getName());
    }

    private Said restore(String... more) throws Exception {
        return restoreTo(target, more);
    }

    private static Said restoreTo(Path target, String... more) throws Exception {
        List<String> words = new ArrayList<>(
                List.of("restore", "documents", "--source", "alice", "--to", target.toString(), "--yes"));
        words.addAll(List.of(more));
        return site.run("bob", words.toArray(String[]::new));
    }

    @Test
    void aSnapshotIsChosenByIdOrByTime() throws Exception {
        restore("--snapshot", first.substring(0, 10), "--special").well();
        Trees.assertSame(asItWas, target);
        restoreTo(folder.resolve("by-time"), "--at", firstReceived, "--special").well();
        Trees.assertSame(asItWas, folder.resolve("by-time"));

        restore("--special").well();
        Trees.assertSame(site.documents(), target);
    }

    @Test
    void aSnapshotThatThereIsNotIsNamedAndNothingIsTouched() throws Exception {
        Said none = restore("--snapshot", "0123abcd").ending(NO_SUCH_THING);
        assertThat(none.err())
                .contains("there is no snapshot 0123abcd of alice/documents  [HF-NOT-FOUND]")
                .contains(first.substring(0, 8));
        assertThat(restore("--at", "2001-01-01").ending(NO_SUCH_THING).err())
                .contains("from 2001-01-01")
                .contains(first.substring(0, 8));
        assertThat(restore("--at", "noonish").ending(USAGE).err()).contains("'noonish' is no time that is understood");
        restore("--at", "now", "--snapshot", first).ending(USAGE);
        assertThat(target).doesNotExist();
    }

    @Test
    void onlyThePathsThatAreNamedAreTouched() throws Exception {
        Trees.shell(target, "echo mine > two; echo other > other; mkdir a; echo kept > a/kept");

        restore("a/deep", "again").well();

        assertThat(Trees.shell(target, "find . -type f | sort"))
                .isEqualTo("./a/deep/one\n./a/kept\n./again\n./other\n./two\n");
        assertThat(target.resolve("two")).hasContent("mine");
        Trees.assertSame(site.documents().resolve("a/deep"), target.resolve("a/deep"));
        Trees.shell(target, "cmp again '" + site.documents() + "/again'");
        assertThat(restore("a/shallow").ending(NO_SUCH_THING).err()).contains("a/shallow");
    }

    @Test
    void namesBeyondAsciiAreTypedAsTheyArePrintedAndAsTheyAre() throws Exception {
        assertThat(site.run("bob", "ls", "documents", "--source", "alice")
                        .well()
                        .out())
                .contains("  caf\\xe9\n")
                .contains("  a\\x5cx41\n");
        assertThat(site.run("bob", "find", "documents", "caf\\xe9", "--source", "alice")
                        .well()
                        .out())
                .contains("  caf\\xe9\n");
        for (String locale : List.of("C", "C.UTF-8")) {
            assertThat(dumped(locale, "'caf\\xe9'")).isEqualTo("latin\n");
            assertThat(dumped(locale, "$'caf\\xe9'")).isEqualTo("latin\n");
            assertThat(dumped(locale, "$'gr\\xc3\\xbcn'")).isEqualTo("utf\n");
            assertThat(dumped(locale, "'gr\\xc3\\xbcn'")).isEqualTo("utf\n");
            assertThat(dumped(locale, "'a\\x5cx41'")).isEqualTo("back\n");
        }
        restore("caf\\xe9").well();
        assertThat(Trees.shell(target, "ls | od -An -c").strip()).isEqualTo("c   a   f 351  \\n");
    }

    /** What {@code dump} writes for a name that a shell passes on, byte for byte. */
    private static String dumped(String locale, String nameInShell) throws Exception {
        List<String> shell = List.of("env", "LC_ALL=" + locale, "bash", "-c", "exec \"$@\" " + nameInShell, "shell");
        return site.startUnder(shell, "bob", "dump", "documents", "--source", "alice")
                .await()
                .well()
                .out();
    }

    @Test
    void aDryRunSaysWhatWouldHappenAndChangesNothing() throws Exception {
        Trees.shell(target, "echo mine > two; echo other > other; mkdir -p empty/not");
        String before = Trees.shell(target, LISTING);

        Said said = restore("--delete", "--dry-run").well();

        assertThat(said.out())
                .contains("update two")
                .contains("delete other")
                .contains("delete empty/not")
                .contains("dry run: nothing was changed");
        assertThat(Trees.shell(target, LISTING)).isEqualTo(before);
        restoreTo(folder.resolve("never-made"), "--dry-run").well();
        assertThat(folder.resolve("never-made")).doesNotExist();
    }

    @Test
    void aDryRunCountsAndListsWhatTheRealRunDoes() throws Exception {
        for (String option : List.of("--special", "--no-delete")) {
            Said plan = restore(option, "--dry-run", "--json").well();
            Said run = restore(option, "--json").well();
            assertSameCounts(plan, run);
            assertSameCounts(
                    restore(option, "--dry-run", "--json").well(),
                    restore(option, "--json").well());
            Trees.shell(target, "rm -r a again suid; echo mine > two; ln -sfn else link");
        }
        if (Trees.isRoot()) {
            assertThat(restore("--dry-run").well().err()).contains("would be left out: device of 'null'");
        }
    }

    @Test
    void filesAreCountedAsTheBackupCountedThemAndHolesAreNothingThatWasSkipped() throws Exception {
        Said plan = restore("--special", "--dry-run").well();
        assertThat(plan.out()).contains("  to write: " + filesBackedUp + " files, ");

        Said run = restore("--special", "--json").well();

        for (String count : List.of("total_files", "files_restored")) {
            assertThat(run.summary().number(count)).as(count).isEqualTo(filesBackedUp);
        }
        assertThat(run.summary().number("bytes_skipped")).isZero();
        assertThat(run.summary().number("bytes_restored"))
                .isEqualTo(run.summary().number("total_bytes"))
                .isGreaterThanOrEqualTo(run.summary().number("bytes_written") + (3 << 20));

        Said again = restore("--special", "--json").well();
        assertThat(again.summary().number("files_skipped")).isEqualTo(filesBackedUp);
        assertThat(again.summary().number("bytes_skipped"))
                .isEqualTo(run.summary().number("total_bytes"));
    }

    private static void assertSameCounts(Said plan, Said run) {
        for (String count : List.of(
                "total_files",
                "files_restored",
                "files_skipped",
                "files_deleted",
                "files_failed",
                "paths_failed",
                "total_bytes",
                "bytes_restored",
                "bytes_skipped",
                "left_out_count")) {
            assertThat(plan.summary().number(count))
                    .as(count + plan + run)
                    .isEqualTo(run.summary().number(count));
        }
        assertThat(leftOut(plan)).isEqualTo(leftOut(run));
    }

    private static List<String> leftOut(Said said) {
        String list = said.out().replaceAll("(?s).*\"left_out\":\\[(.*?)].*", "$1");
        return Stream.of(list.split("(?<=}),")).sorted().toList();
    }

    @Test
    void withoutATerminalAndWithoutYesNothingThatIsThereIsChanged() throws Exception {
        Trees.shell(target, "echo mine > two");

        Said said = site.run("bob", "restore", "documents", "--source", "alice", "--to", target.toString());

        assertThat(said.ending(USAGE).err()).contains("add `--yes`");
        assertThat(Trees.shell(target, "find . -type f -exec cat {} +")).isEqualTo("mine\n");
    }

    @Test
    void extrasGoWithAWholeVolumeOnlyAndStayWhenAsked() throws Exception {
        Path extra = site.papers().resolve("extra");
        Trees.shell(site.papers(), "echo mine > extra");
        site.restore("--no-delete").well();
        assertThat(extra).hasContent("mine");
        assertThat(site.papers().resolve("new")).hasContent("new");

        assertThat(site.restore().well().summary().number("files_deleted")).isEqualTo(1);
        Trees.assertSame(site.documents(), site.papers());

        Trees.shell(target, "echo mine > extra");
        restore().well();
        assertThat(target.resolve("extra")).hasContent("mine");
        restore("--delete").well();
        assertThat(target.resolve("extra")).doesNotExist();
        restore("--delete", "two").ending(USAGE);
    }

    @Test
    void contentThatOnlyLooksRightIsFoundByVerify() throws Exception {
        restore("--special").well();
        Trees.shell(
                target,
                "for f in a/deep/one a/large; do touch -r $f ../stamp; printf X | dd of=$f bs=1 seek=2 conv=notrunc"
                        + " status=none; touch -r ../stamp $f; done; touch -r '" + site.documents() + "/a' a");

        restore("--special").well();
        assertThat(target.resolve("a/deep/one")).hasContent("onX");

        Said said = restore("--special", "--verify", "--json").well();
        assertThat(said.summary().number("files_restored"))
                .as("two files, one of them under two names")
                .isEqualTo(3);
        Trees.assertSame(site.documents(), target);
    }

    @Test
    void whatGivesPowerComesBackOnlyWhenAskedForAndIsListedOtherwise() throws Exception {
        Said said = restore().well();

        assertThat(said.err()).contains("left out: setuid or setgid bit of 'suid'");
        assertThat(Trees.shell(target, "stat -c %a suid")).isEqualTo("755\n");
        String trusted = "getfattr --absolute-names -d -m trusted two";
        assertThat(Trees.shell(target, trusted))
                .as("what root alone can see harms nobody")
                .isEqualTo(Trees.shell(site.documents(), trusted));
        if (Trees.isRoot()) {
            assertThat(said.err()).contains("left out: device of 'null'");
            assertThat(target.resolve("null")).doesNotExist();
        }
        restore("--special").well();
        Trees.assertSame(site.documents(), target);
    }

    @Test
    void whatSecurityModulesReadComesBackOnlyWhenAskedForAndIsListedOtherwise() throws Exception {
        assumeTrue(isRoot("attributes called security.*"));
        String marks = "getfattr --absolute-names -d -m '^security' suid";
        assertThat(Trees.shell(site.documents(), marks)).contains("security.mark=\"modules\"");

        assertThat(restore().well().err()).contains("left out: attribute security.mark of 'suid'");
        assertThat(Trees.shell(target, marks)).isEmpty();

        restore("--special").well();
        assertThat(Trees.shell(target, marks)).isEqualTo(Trees.shell(site.documents(), marks));

        Trees.shell(target, "setfattr -x security.mark suid; setfattr -n security.other -v new suid");
        assertThat(restore("--special").well().out()).contains("1 by metadata only");
        assertThat(Trees.shell(target, marks)).isEqualTo(Trees.shell(site.documents(), marks));
    }

    @Test
    void everythingCanBeGivenToOneOwner() throws Exception {
        assumeTrue(isRoot("owners"));

        restore("--owner", "1234:4321", "--special").well();

        assertThat(Trees.shell(target, "find . -printf '%U:%G\\n' | sort -u")).isEqualTo("1234:4321\n");
        String withoutOwners = "find . -printf '%P %y %m %T@ %l\\n' | sort; cat a/deep/one two again | cksum";
        assertThat(Trees.shell(target, withoutOwners)).isEqualTo(Trees.shell(site.documents(), withoutOwners));
        assertThat(restore("--owner", "bob").ending(USAGE).err()).contains("'bob' is no owner");
    }

    @Test
    void whatCannotBeWrittenIsListedAndTheRestComesBack() throws Exception {
        assumeTrue(isRoot("files that cannot be written"));
        Trees.assumeHas("files that cannot be written", "chattr");
        Trees.shell(target, "echo mine > two; mkdir a; echo old > a/large");
        Trees.shell(target, "chattr +i two a/large 2>/dev/null || rm -r two a");
        assumeTrue(Files.exists(target.resolve("two")), "this file system has no immutable files");
        try {
            Said said = restore("--special", "--json").ending(PARTIAL);
            assertThat(said.out()).contains("\"path\":\"/two\"").contains("\"path\":\"/a/large\"");
            assertThat(said.summary().number("files_failed")).isGreaterThanOrEqualTo(2);
            assertThat(restore("--special").ending(PARTIAL).err()).contains("not restored: 'two': ");
            assertThat(target.resolve("two")).hasContent("mine");
            assertThat(target.resolve("a/deep/one")).hasContent("one");
        } finally {
            Trees.shell(target, "chattr -i two a/large");
        }
        restore("--special").well();
        Trees.assertSame(site.documents(), target);
    }

    @Test
    void anOrdinaryUserGetsAllThatAnOrdinaryUserCanHave() throws Exception {
        assumeTrue(isRoot("restores of an ordinary user"));
        Trees.assumeHas("restores of an ordinary user", "setpriv");
        Trees.shell(
                target,
                "chmod 755 '" + folder + "'; cp -a '" + site.state("bob") + "' ../state-nobody;"
                        + " chown -R 65534:65534 . ../state-nobody");

        Said plan = asNobody("--special", "--dry-run", "--json").well();
        assertThat(leftOut(plan))
                .anyMatch(item -> item.contains("device, which only root can make"))
                .anyMatch(item -> item.contains("owner 12:34"));

        Said said = asNobody("--special");

        said.ending(PARTIAL);
        assertThat(said.err())
                .contains("not restored: 'null': ")
                .contains("left out: owner 12:34 of 'two'")
                .contains("left out: owner 0:56 of 'a/deep'")
                .doesNotContain("not restored: 'two'");
        String whatStays = "find . -name null -prune -o ! -name suid -printf '%P %y %m %s %l\\n' | sort;"
                + " find . -mindepth 1 -name null -prune -o -printf '%P %T@\\n' | sort; cat a/deep/one two again suid";
        assertThat(Trees.shell(target, whatStays)).isEqualTo(Trees.shell(site.documents(), whatStays));
        assertThat(Trees.shell(target, "find . -printf '%U:%G\\n' | sort -u")).isEqualTo("65534:65534\n");

        assertThat(Trees.shell(target, "getfattr -n user.mark --only-values two"))
                .isEqualTo("mine");
        Said foreseen = asNobody("--dry-run", "--json").well();
        assertSameCounts(foreseen, asNobody("--json").well());
        Trees.shell(target, "touch a/deep/extra");
        Said withDeletion = asNobody("--delete", "--dry-run", "--json").well();
        assertSameCounts(withDeletion, asNobody("--delete", "--json").well());
        Said withoutDevices = asNobody();
        withoutDevices.well();
        assertThat(withoutDevices.out()).containsPattern(" is in .*, but for \\d+ things left out \\(");
        assertThat(withoutDevices.err()).contains("left out: device of 'null'");
    }

    private Said asNobody(String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "restore",
                "documents",
                "--source",
                "alice",
                "--to",
                target.toString(),
                "--state",
                folder.resolve("state-nobody").toString(),
                "--yes"));
        words.addAll(List.of(more));
        return site.startUnder(
                        List.of("/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"),
                        "bob",
                        words.toArray(String[]::new))
                .await();
    }

    private static boolean isRoot(String purpose) {
        if (!Trees.isRoot()) {
            System.err.println("NOT TESTED: " + purpose + ": that needs root");
        }
        return Trees.isRoot();
    }
}
