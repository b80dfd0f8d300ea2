package dev.holdfast.system.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.restore.Action;
import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.agent.restore.RestorePlan;
import dev.holdfast.agent.restore.RestoreRequest;
import dev.holdfast.agent.restore.RestoreRun;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaTest {
    private static final String TREE = """
            mkdir -p a/b c; for i in 1 2 3 4 5; do echo "content $i" > a/f$i; done
            head -c 6000000 /dev/urandom > a/b/large; head -c 400000 /dev/urandom > c/medium
            ln a/f1 c/one; ln -s f2 a/link
            """;

    @TempDir
    Path temp;

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(temp);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void nothingIsFetchedWhenNothingDiffers() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(TREE);
        bench.hosts.restore("bob", bench.request(snapshot));
        RestoreOutcome again = bench.hosts.restore("bob", bench.request(snapshot));
        assertThat(again.bytesFetched()).isZero();
        assertThat(again.counts()).containsOnlyKeys(Action.KEEP);
        RestoreOutcome verified =
                bench.hosts.restore("bob", bench.request(snapshot).verifying());
        assertThat(verified.bytesFetched()).isZero();
        assertThat(verified.counts()).containsOnlyKeys(Action.KEEP);
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
    }

    @Test
    void onlyWhatChangedIsFetched() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(TREE);
        bench.hosts.restore("bob", bench.request(snapshot));
        Trees.shell(bench.target, """
                printf 'XXXX' | dd of=a/b/large bs=1 seek=3000000 conv=notrunc status=none
                touch c/medium a/f3; rm a/f2; chmod 0600 a/f4; ln -sf elsewhere a/link
                """);
        RestoreOutcome outcome = bench.hosts.restore("bob", bench.request(snapshot));
        assertThat(outcome.count(Action.UPDATE)).isEqualTo(1);
        assertThat(outcome.count(Action.METADATA)).isEqualTo(4);
        assertThat(outcome.count(Action.CREATE)).isEqualTo(1);
        assertThat(outcome.count(Action.REPLACE)).isEqualTo(1);
        assertThat(outcome.bytesFetched()).isLessThan(5_000_000).isPositive();
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
    }

    @Test
    void verifyingFindsWhatHidesBehindAnUnchangedTime() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(TREE);
        bench.hosts.restore("bob", bench.request(snapshot));
        Trees.shell(bench.target, """
                for f in a/f3 a/b/large; do touch -r $f /tmp/$$; printf 'Y' | dd of=$f bs=1 conv=notrunc status=none; touch -r /tmp/$$ $f; done
                rm /tmp/$$
                """);
        assertThat(bench.hosts.restore("bob", bench.request(snapshot)).counts()).containsOnlyKeys(Action.KEEP);
        RestoreOutcome outcome =
                bench.hosts.restore("bob", bench.request(snapshot).verifying());
        assertThat(outcome.count(Action.UPDATE)).isEqualTo(2);
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
    }

    @Test
    void changedPagesOfADatabaseAreFetchedAlone() throws Exception {
        bench.snapshotOf("""
                python3 -c "
                import sqlite3; d=sqlite3.connect('db'); d.execute('create table t(x)')
                import os; d.executemany('insert into t values(?)', [(os.urandom(900),) for _ in range(9000)]); d.commit()"
                """);
        SnapshotRecord second = bench.snapshotOf(
                "python3 -c \"import sqlite3; d=sqlite3.connect('db'); d.execute('update t set x=1 where rowid%900=0'); d.commit()\"");
        bench.hosts.restore("bob", bench.request(second));
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
        Trees.shell(bench.target, "printf 'Z' | dd of=db bs=1 seek=4000000 conv=notrunc status=none");
        RestoreOutcome outcome = bench.hosts.restore("bob", bench.request(second));
        assertThat(outcome.bytesFetched()).isLessThan(4_500_000);
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
    }

    @Test
    void extrasGoOnlyWhenAskedAndOnlyInside() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(TREE);
        bench.hosts.restore("bob", bench.request(snapshot));
        Trees.shell(bench.outside, "echo precious > file");
        Trees.shell(
                bench.target,
                "mkdir -p extra/deep; echo 1 > extra/deep/x; echo 2 > a/zz; ln -s '" + bench.outside + "' way");
        assertThat(bench.hosts.restore("bob", bench.request(snapshot)).count(Action.DELETE))
                .isZero();
        assertThat(bench.target.resolve("extra/deep/x")).exists();
        RestoreRequest deleting = bench.request(snapshot).deletingExtras();
        try (RestoreRun run = bench.hosts.restoreRun("bob", deleting, Progress.NONE, () -> false)) {
            RestorePlan plan = run.plan();
            assertThat(plan.count(Action.DELETE)).isEqualTo(3);
            assertThat(bench.target.resolve("extra")).exists();
            assertThat(run.carryOut().count(Action.DELETE)).isEqualTo(3);
        }
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
        assertThat(bench.outside.resolve("file")).exists();
    }

    @Test
    void whatTheRulesLeaveOutOfBackupsIsNoExtra() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf("mkdir app gone; echo 1 > app/data");
        Trees.shell(
                bench.target,
                "mkdir -p app/cache/deep gone old/a/b plain; echo c > app/cache/deep/one; echo l > app/local.conf;"
                        + " echo k > old/a/b/kept.tmp; echo x > old/a/b/file; echo y > old/z; echo p > plain/p; echo e > extra");
        PathFilter rules = PathFilter.of(List.of(), List.of("cache/", "*.tmp", "/app/local.conf"));
        RestoreRequest deleting = bench.request(snapshot).deletingExtras(rules);
        try (RestoreRun run = bench.hosts.restoreRun("bob", deleting, Progress.NONE, () -> false)) {
            RestorePlan plan = run.plan();
            assertThat(plan.steps().stream()
                            .filter(step -> step.action() == Action.DELETE)
                            .map(step -> step.path().toString()))
                    .containsExactly("extra", "old", "plain");
            assertThat(run.carryOut().count(Action.DELETE)).isEqualTo(3);
        }
        assertThat(Trees.shell(bench.target, "find . -type f | sort"))
                .isEqualTo("./app/cache/deep/one\n./app/data\n./app/local.conf\n./old/a/b/kept.tmp");
        try (RestoreRun again = bench.hosts.restoreRun("bob", deleting, Progress.NONE, () -> false)) {
            assertThat(again.plan().count(Action.DELETE)).as("left to delete").isZero();
        }
    }

    @Test
    void aFolderThatHoldsWhatTheRulesLeaveOutDoesNotGiveWay() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf("echo file > thing; ln -s thing link");
        Trees.shell(
                bench.target, "mkdir thing link; echo k > thing/kept.tmp; echo x > thing/x; echo k > link/kept.tmp");
        PathFilter rules = PathFilter.of(List.of(), List.of("*.tmp"));

        RestoreOutcome outcome =
                bench.hosts.restore("bob", bench.request(snapshot).deletingExtras(rules));

        assertThat(outcome.failures())
                .extracting(failure -> failure.path().toString())
                .containsExactly("link", "thing");
        assertThat(Trees.shell(bench.target, "find . -type f | sort"))
                .isEqualTo("./link/kept.tmp\n./thing/kept.tmp\n./thing/x");
    }

    @Test
    void aSelectionComesBackUnderItsOwnPath() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(TREE);
        RestoreOutcome outcome = bench.hosts.restore("bob", bench.selected(snapshot, "a/b", "c/one"));
        assertThat(outcome.failures()).isEmpty();
        assertThat(Trees.shell(bench.target, "find . -type f | sort")).isEqualTo("./a/b/large\n./c/one");
        assertThat(bench.target.resolve("c/one")).hasContent("content 1");
        bench.hosts.restore("bob", bench.selected(snapshot, "a/f1"));
        assertThat(bench.target.resolve("a/f1")).hasContent("content 1");
        assertThatThrownBy(() -> bench.hosts.restore("bob", bench.selected(snapshot, "a/nothing")))
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.NOT_FOUND));
    }

    @Test
    void oneOwnerForEverything() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Trees.root(), "owners (needs root)");
        SnapshotRecord snapshot = bench.snapshotOf(TREE);
        bench.hosts.restore("bob", bench.request(snapshot).ownedBy(1234, 5678));
        assertThat(Trees.shell(bench.target, "find . ! -uid 1234 -o ! -gid 5678"))
                .isEmpty();
    }

    @Test
    void whatGivesPowerIsLeftOutAndSaid() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf("echo x > tool; chmod 6755 tool; mkdir d; chmod 2755 d");
        RestoreOutcome outcome = bench.hosts.restore("bob", RestoreRequest.whole(snapshot, bench.target, 2));
        assertThat(outcome.leftOut()).hasSize(1);
        assertThat(outcome.leftOut().get(0).path()).hasToString("tool");
        assertThat(Trees.shell(bench.target, "stat -c '%a' tool d")).isEqualTo("755\n2755");
    }

    @Test
    void aPlanChangesNothing() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(TREE);
        try (RestoreRun run = bench.hosts.restoreRun("bob", bench.request(snapshot), Progress.NONE, () -> false)) {
            RestorePlan plan = run.plan();
            assertThat(plan.files()).as("with every name").isEqualTo(8);
            assertThat(plan.count(Action.CREATE)).isEqualTo(12);
        }
        assertThat(Files.exists(bench.target)).isFalse();
    }
}
