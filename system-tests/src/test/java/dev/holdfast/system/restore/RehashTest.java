package dev.holdfast.system.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.disk.RealDisk;
import dev.holdfast.server.pack.PackEntry;
import dev.holdfast.server.pack.PackTable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes of closed packs flip; {@code backup --rehash} brings back what was lost. */
class RehashTest {
    private static final int IN_THE_PAYLOAD = 90;
    private static final Set<ObjectKind> CONTENT = Set.of(ObjectKind.CHUNK, ObjectKind.TREE, ObjectKind.EXTENTS);

    /** Small files, a database that is kept page by page, and a large file that was changed in place; then enough to close the packs. */
    private static final String FIRST = """
            mkdir small
            for i in 1 2 3 4 5 6; do head -c 20000 /dev/urandom > small/$i; done
            (printf 'SQLite format 3\\0\\020\\0'; head -c 4194286 /dev/urandom) > database
            head -c 6291456 /dev/urandom > changing
            """;

    private static final String SECOND = """
            printf changed | dd of=changing bs=1 seek=2000000 conv=notrunc status=none
            head -c 80000000 /dev/urandom > large
            """;

    @TempDir
    Path temp;

    private Bench bench;
    private SnapshotRecord old;

    @BeforeEach
    void backUp() throws Exception {
        bench = new Bench(temp);
        bench.snapshotOf(FIRST);
        old = bench.snapshotOf(SECOND);
        closeThePacks();
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    /** What another volume brings goes into the same packs of the host. */
    private void closeThePacks() throws Exception {
        Path filler = Files.createDirectory(temp.resolve("filler"));
        Trees.shell(filler, "head -c 40000000 /dev/urandom > filler");
        bench.hosts.snapshot("alice", "filler", filler);
    }

    private int damage(Set<ObjectKind> kinds) throws IOException {
        int damaged = 0;
        try (Stream<Path> files = Files.walk(bench.hosts.repositoryFolder())) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".pack")).toList()) {
                List<PackEntry> entries;
                try (var reading = new RealDisk().open(file)) {
                    entries = PackTable.read(reading, file).entries();
                }
                for (PackEntry entry : entries) {
                    if (kinds.contains(entry.kind())) {
                        flip(file, entry.offset() + IN_THE_PAYLOAD);
                        damaged++;
                    }
                }
            }
        }
        return damaged;
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile pack = new RandomAccessFile(file.toFile(), "rw")) {
            pack.seek(at);
            int before = pack.read();
            pack.seek(at);
            pack.write(before ^ 2);
        }
    }

    private RestoreOutcome restore(SnapshotRecord snapshot) throws Exception {
        Trees.shell(temp, "rm -rf target");
        return bench.hosts.restore("bob", bench.request(snapshot));
    }

    private void assertWhole(SnapshotRecord snapshot) throws Exception {
        RestoreOutcome outcome = restore(snapshot);
        assertThat(outcome.shortcoming())
                .as("%s, %s", outcome.failures(), outcome.gaps())
                .isEmpty();
        assertThat(Trees.shell(temp, "diff -r source target")).isEmpty();
    }

    private SnapshotRecord rehash() {
        return bench.hosts.backup("alice", "data", bench.source, true).record().orElseThrow();
    }

    /** Meets all damage, as {@code server rebuild-index} does. */
    private void readEverything() throws Exception {
        bench.hosts.rebuildIndexes();
    }

    @Test
    void theOldSnapshotAndTheNewAreWholeAfterEveryChunkAndTreeBlockWasDamaged() throws Exception {
        assertThat(damage(CONTENT)).isGreaterThan(50);
        readEverything();
        assertThat(restore(old).shortcoming()).hasValue(ProblemCode.DAMAGE);

        SnapshotRecord now = rehash();

        assertWhole(now);
        assertWhole(old);
        bench.hosts.restartServer();
        assertWhole(now);
    }

    @Test
    void aRestoreThatMetTheDamageIsEnough() throws Exception {
        damage(Set.of(ObjectKind.CHUNK));
        assertThat(restore(old).shortcoming()).hasValue(ProblemCode.DAMAGE);

        assertWhole(rehash());
    }

    @Test
    void lostKeySlotsAreMadeUpFor() throws Exception {
        damage(Set.of(ObjectKind.SLOT));
        readEverything();

        assertWhole(rehash());
    }

    @Test
    void anOrdinaryBackupThatWouldRelyOnWhatIsLostReadsEveryFile() throws Exception {
        damage(Set.of(ObjectKind.CHUNK));
        readEverything();
        Trees.shell(bench.source, "echo one more > small/7");

        BackupOutcome outcome = bench.hosts.backup("alice", "data", bench.source);

        assertWhole(outcome.record().orElseThrow());
    }
}
