package dev.holdfast.system.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.restore.Action;
import dev.holdfast.agent.restore.FileDump;
import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.agent.restore.RestoreRequest;
import dev.holdfast.agent.restore.RestoreRun;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardshipTest {
    private static final String BULK = """
            mkdir d; for i in $(seq 1 40); do head -c 1000000 /dev/urandom > d/f$i; done
            head -c 20000000 /dev/urandom > huge; for i in $(seq 1 300); do echo $i > d/s$i; done
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

    private static void fails(ProblemCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }

    private long stateFiles() throws Exception {
        try (Stream<Path> files = Files.list(bench.hosts.stateFolder())) {
            return files.count();
        }
    }

    @Test
    void aCancelledRunIsContinued() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(BULK);
        AtomicLong received = new AtomicLong();
        Progress counting = new Progress() {
            @Override
            public void transferred(long bytes) {
                received.addAndGet(bytes);
            }
        };
        fails(ProblemCode.CANCELLED, () -> {
            try (RestoreRun run = bench.hosts.restoreRun(
                    "bob", bench.request(snapshot), counting, () -> received.get() > 30_000_000)) {
                run.carryOut();
            }
        });
        assertThat(stateFiles()).isEqualTo(1);
        RestoreOutcome outcome = bench.hosts.restore("bob", bench.request(snapshot));
        assertThat(outcome.bytesFetched()).isLessThan(50_000_000);
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
        assertThat(stateFiles()).isZero();
    }

    @Test
    void aBrokenLinkIsRiddenOut() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(BULK);
        AtomicInteger connections = new AtomicInteger();
        bench.hosts.onConnect(link -> {
            if (connections.incrementAndGet() == 1) {
                link.cutAfterReceiving(35_000_000);
            }
        });
        RestoreOutcome outcome = bench.hosts.restore("bob", bench.request(snapshot));
        assertThat(connections).hasValue(2);
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.count(Action.CREATE) + outcome.count(Action.UPDATE)).isEqualTo(342);
        assertThat(outcome.count(Action.KEEP)).isZero();
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
    }

    @Test
    void damageIsNamedAndTheRestComesBack() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(BULK);
        Path pack;
        try (Stream<Path> files = Files.walk(bench.hosts.repositoryFolder())) {
            pack = files.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
        Trees.shell(
                bench.outside, "printf 'DAMAGED' | dd of='" + pack + "' bs=1 seek=9000000 conv=notrunc status=none");
        RestoreOutcome outcome = bench.hosts.restore("bob", bench.request(snapshot));
        assertThat(outcome.shortcoming()).hasValue(ProblemCode.DAMAGE);
        assertThat(outcome.failureCount()).isEqualTo(1);
        Path missing = bench.target.resolve(outcome.failures().get(0).path().toString());
        assertThat(missing).doesNotExist();
        Files.delete(bench.source.resolve(bench.target.relativize(missing)));
        assertThat(Trees.rsync(bench.source, bench.target).lines().filter(line -> !line.startsWith(".d")))
                .isEmpty();
        assertThat(Trees.shell(bench.target, "find . -name '.holdfast*'")).isEmpty();
    }

    @Test
    void linksInTheTargetAreReplacedNotFollowed() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf("mkdir -p a/b; echo new > a/b/file; echo top > top");
        Trees.shell(bench.outside, "mkdir b; echo old > b/file; echo old > top");
        Trees.shell(bench.target, "ln -s '" + bench.outside + "' a; ln -s '" + bench.outside + "/top' top");
        bench.hosts.restore("bob", bench.request(snapshot).deletingExtras());
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
        assertThat(bench.outside.resolve("b/file")).hasContent("old");
        assertThat(bench.outside.resolve("top")).hasContent("old");
    }

    @Test
    void aFolderWithContentGivesWayOnlyWhenExtrasMayGo() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf("echo file > thing; mkdir other");
        Trees.shell(bench.target, "mkdir thing; echo mine > thing/mine; echo x > other");
        RestoreOutcome kept = bench.hosts.restore("bob", bench.request(snapshot));
        assertThat(kept.shortcoming()).hasValue(ProblemCode.PARTIAL);
        assertThat(bench.target.resolve("thing/mine")).exists();
        bench.hosts.restore("bob", bench.request(snapshot).deletingExtras());
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
    }

    @Test
    void leftoversOfEarlierRunsGo() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf("mkdir d; echo 1 > d/f");
        Trees.shell(bench.target, "mkdir d; echo junk > d/.holdfast-restore-fedcba9876543210");
        bench.hosts.restore("bob", bench.request(snapshot));
        assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
    }

    @Test
    void whatAnInterruptedRestoreLeftIsNotBackedUp() throws Exception {
        Path leftover = Path.of(".holdfast-restore-0123456789abcdef");
        SnapshotRecord snapshot = bench.snapshotOf("mkdir d .holdfast-restore-00000000ffffffff; echo 1 > d/f;"
                + " echo 2 > " + leftover + "; ln -s x d/" + leftover + "; echo 3 > d/" + leftover + "0; echo 4 > d/"
                + leftover.toString().toUpperCase(java.util.Locale.ROOT));
        bench.hosts.restore("bob", bench.request(snapshot));
        Trees.shell(bench.source, "rm " + leftover + " d/" + leftover);
        String names = "find . | sort";
        assertThat(Trees.shell(bench.target, names))
                .as("all but the leftovers")
                .isEqualTo(Trees.shell(bench.source, names));
    }

    @Test
    void aDeepTreeComesBack() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(
                "python3 -c \"\nimport os\nfor i in range(2000):\n os.mkdir('deepdeep'); os.chdir('deepdeep')\nopen('bottom','w').write('here')\"");
        RestoreOutcome outcome = bench.hosts.restore("bob", bench.request(snapshot));
        assertThat(outcome.count(Action.CREATE)).isEqualTo(2001);
        assertThat(outcome.failures()).isEmpty();
        Trees.shell(
                bench.target,
                "python3 -c \"\nimport os\nfor i in range(2000): os.chdir('deepdeep')\nassert open('bottom').read()=='here'\"");
        Trees.shell(temp, "rm -rf source/deepdeep target/deepdeep");
    }

    @Test
    void aSparseGibibyteStaysSparse() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(
                "truncate -s 1G s; printf middle | dd of=s bs=1 seek=500000000 conv=notrunc status=none");
        bench.hosts.restore("bob", bench.request(snapshot));
        Trees.shell(bench.target, "cmp s '" + bench.source.resolve("s") + "'");
        assertThat(Integer.parseInt(Trees.shell(bench.target, "stat -c %b s"))).isLessThan(4096);
    }

    @Test
    void aFullTargetStopsTheRunAndTheNextOneGoesOn() throws Exception {
        Assumptions.assumeTrue(Trees.root(), "a file system of its own (needs root)");
        SnapshotRecord snapshot = bench.snapshotOf(BULK);
        Files.createDirectories(bench.target);
        Trees.shell(temp, "mount -t tmpfs -o size=20m none target");
        try {
            fails(ProblemCode.NO_SPACE, () -> bench.hosts.restore("bob", bench.request(snapshot)));
            Trees.shell(temp, "mount -o remount,size=200m target");
            RestoreOutcome outcome = bench.hosts.restore("bob", bench.request(snapshot));
            assertThat(outcome.failures()).isEmpty();
            assertThat(outcome.bytesFetched()).isLessThan(58_000_000);
            assertThat(Trees.differences(bench.source, bench.target)).isEmpty();
            Trees.shell(temp, "mount -o remount,ro target; echo changed >> source/d/s7");
            SnapshotRecord changed = bench.hosts.snapshot("alice", "data", bench.source);
            fails(ProblemCode.IO, () -> bench.hosts.restore("bob", bench.request(changed)));
        } finally {
            Trees.shell(temp, "umount target");
        }
    }

    @Test
    void oneFileIsDumpedInOrder() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf(BULK + "truncate -s 3000000 d/f1; truncate -s 100 d/f2");
        try (var link = bench.hosts.connect("bob");
                SnapshotReader reader = SnapshotReader.open(link, bench.hosts.realm(), snapshot)) {
            for (String name : new String[] {"huge", "d/f1", "d/f2", "d/s9"}) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                new FileDump(reader).dump(Bench.path(name), out);
                assertThat(out.toByteArray()).as(name).isEqualTo(Files.readAllBytes(bench.source.resolve(name)));
            }
            fails(ProblemCode.NOT_FOUND, () -> new FileDump(reader).dump(Bench.path("d"), new ByteArrayOutputStream()));
        }
    }

    @Test
    void twoRunsDoNotShareATarget() throws Exception {
        SnapshotRecord snapshot = bench.snapshotOf("echo 1 > f");
        Progress second = new Progress() {
            @Override
            public void phase(String name) {
                if (name.equals("restoring")) {
                    fails(ProblemCode.BUSY, () -> bench.hosts.restore("bob", bench.request(snapshot)));
                }
            }
        };
        RestoreRequest request = bench.request(snapshot);
        try (RestoreRun run = bench.hosts.restoreRun("bob", request, second, () -> false)) {
            assertThat(run.carryOut().failures()).isEmpty();
        }
    }
}
