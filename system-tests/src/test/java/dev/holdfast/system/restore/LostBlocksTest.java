package dev.holdfast.system.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.agent.browse.Change;
import dev.holdfast.agent.browse.FolderListing;
import dev.holdfast.agent.browse.TreeDiff;
import dev.holdfast.agent.restore.Action;
import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.agent.restore.RestorePlan;
import dev.holdfast.agent.restore.RestoreRun;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot of several tree blocks, of which one after the other is lost. */
class LostBlocksTest {
    private static final String TREE = """
            python3 - <<'END'
            import os
            for d in range(32):
                os.makedirs('d%02d/inner/deep' % d)
                for i in range(90):
                    open('d%02d/inner/deep/%03d-%s' % (d, i, 'n' * 150), 'w').write('x' * (i % 3))
                open('d%02d/z' % d, 'w').write('end')
                os.chmod('d%02d' % d, 0o750)
                os.utime('d%02d' % d, (1000000000 + d, 1000000000 + d))
            END
            """;

    @TempDir
    Path temp;

    private Bench bench;
    private SnapshotRecord snapshot;
    private SnapshotManifest manifest;
    private List<ObjectId> ids;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(temp);
        snapshot = bench.snapshotOf(TREE);
        try (var link = bench.hosts.connect("bob");
                SnapshotReader reader = SnapshotReader.open(link, bench.hosts.realm(), snapshot)) {
            manifest = reader.manifest();
            ids = new ArrayList<>();
            for (int i = 0; i < reader.blockCount(); i++) {
                ids.add(reader.blockId(i));
            }
        }
        assertThat(ids).hasSizeGreaterThan(4);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private int[] someBlocks() {
        return new int[] {0, ids.size() / 2, ids.size() - 1};
    }

    private void flip(int block) throws IOException {
        StoredObjects.flip(bench.hosts.repositoryFolder(), ids.get(block));
    }

    private EntryPath first(int block) {
        return manifest.blocks().get(block).first();
    }

    private boolean covers(int block, EntryPath path) {
        return first(block).compareTo(path) <= 0 && (block + 1 == ids.size() || path.compareTo(first(block + 1)) < 0);
    }

    private static Set<EntryPath> pathsOf(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            Set<EntryPath> paths = new TreeSet<>();
            files.forEach(file -> paths.add(Bench.path(root.relativize(file).toString())));
            return paths;
        }
    }

    /** What can be restored without a block: the other entries, and the folders that they are in. */
    private Set<EntryPath> restorableWithout(int block) throws IOException {
        Set<EntryPath> paths = new TreeSet<>();
        for (EntryPath path : pathsOf(bench.source)) {
            if (!covers(block, path)) {
                for (EntryPath at = path; !at.isRoot(); at = at.parent()) {
                    paths.add(at);
                }
            }
        }
        paths.add(EntryPath.ROOT);
        return paths;
    }

    private static String look(Path root, EntryPath path) throws IOException {
        Path file = root.resolve(path.toString());
        boolean folder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        return path + " " + Files.getAttribute(file, "unix:mode") + " " + Files.getLastModifiedTime(file) + " "
                + (folder ? "" : Files.readString(file));
    }

    @Test
    void allThatIsNotInALostBlockComesBack() throws Exception {
        for (int block : someBlocks()) {
            flip(block);
            RestoreOutcome outcome = bench.hosts.restore("bob", bench.request(snapshot));
            flip(block);

            assertThat(outcome.shortcoming()).hasValue(ProblemCode.DAMAGE);
            assertThat(outcome.failures()).isEmpty();
            assertThat(outcome.gaps()).extracting(Gap::number).containsExactly(block);
            assertThat(outcome.gaps().get(0).range())
                    .contains(first(block).toString())
                    .contains(block + 1 == ids.size() ? "" : first(block + 1).toString());
            assertThat(outcome.failureCount())
                    .isEqualTo(manifest.blocks().get(block).entries());
            assertThat(pathsOf(bench.target)).isEqualTo(restorableWithout(block));
            for (EntryPath path : pathsOf(bench.target)) {
                if (!covers(block, path)) {
                    assertThat(look(bench.target, path)).isEqualTo(look(bench.source, path));
                }
            }
            Trees.shell(temp, "rm -rf target");
        }
    }

    @Test
    void nothingIsDeletedOfWhichNobodyKnowsWhetherItIsExtra() throws Exception {
        for (int block : someBlocks()) {
            Trees.shell(temp, "rm -rf target; cp -a source target");
            Trees.shell(bench.target, "mkdir extra zz; touch 0 zz/1; for d in d*; do touch $d/a $d/inner/deep/y; done");
            Set<EntryPath> before = pathsOf(bench.target);
            Set<EntryPath> wanted = pathsOf(bench.source);
            Set<EntryPath> extras = new TreeSet<>(before);
            extras.removeAll(wanted);
            extras.removeIf(path -> covers(block, path));
            flip(block);
            RestoreOutcome outcome;
            try (RestoreRun run = bench.hosts.restoreRun(
                    "bob", bench.request(snapshot).deletingExtras(), Progress.NONE, () -> false)) {
                RestorePlan plan = run.plan();
                assertThat(plan.gaps()).extracting(Gap::number).containsExactly(block);
                outcome = run.carryOut();
                assertThat(outcome.count(Action.DELETE)).isEqualTo(plan.count(Action.DELETE));
            }
            flip(block);

            before.removeAll(extras);
            assertThat(pathsOf(bench.target)).as("block " + block).isEqualTo(before);
            assertThat(before).containsAll(wanted);
        }
    }

    @Test
    void aSelectionKnowsOnlyOfTheGapsThatTouchIt() throws Exception {
        int middle = ids.size() / 2;
        flip(middle);
        EntryPath inside = first(middle);
        for (EntryPath path : pathsOf(bench.source)) {
            if (path.parent().isRoot() && !path.isRoot()) {
                RestoreOutcome outcome = bench.hosts.restore("bob", bench.selected(snapshot, path.toString()));
                boolean touched = covers(middle, path) || inside.isWithin(path);
                assertThat(outcome.gaps()).as(path.toString()).hasSize(touched ? 1 : 0);
            }
        }
        assertThat(pathsOf(bench.target)).isEqualTo(restorableWithout(middle));
    }

    @Test
    void browsingShowsTheRest() throws Exception {
        int middle = ids.size() / 2;
        SnapshotRecord other = bench.snapshotOf("echo new > d00/new; rm d11/z");
        flip(middle);
        try (var link = bench.hosts.connect("bob");
                SnapshotReader old = SnapshotReader.open(link, bench.hosts.realm(), snapshot);
                SnapshotReader now = SnapshotReader.open(link, bench.hosts.realm(), other)) {
            List<EntryPath> shown = new ArrayList<>();
            List<Gap> gaps = new ArrayList<>();
            assertThat(FolderListing.show(old, EntryPath.ROOT, true, entry -> shown.add(entry.path()), gaps::add))
                    .isTrue();
            assertThat(gaps).extracting(Gap::number).containsExactly(middle);
            Trees.shell(bench.source, "rm d00/new; echo -n end > d11/z");
            assertThat(shown)
                    .isEqualTo(pathsOf(bench.source).stream()
                            .filter(path -> !covers(middle, path) && !path.isRoot())
                            .toList());

            gaps.clear();
            List<String> changes = new ArrayList<>();
            assertThat(TreeDiff.between(old, now, gaps::add, () -> false).run(change -> changes.add(mark(change))))
                    .isTrue();
            assertThat(changes).contains("ADDED d00/new", "REMOVED d11/z").hasSizeLessThan(6);
        }
    }

    private static String mark(Change change) {
        return change.kind() + " " + change.path();
    }

    @Test
    void aBackupGoesOnFromADamagedSnapshot() throws Exception {
        flip(ids.size() / 2);
        BackupOutcome outcome = bench.hosts.backup("alice", "data", bench.source);
        assertThat(outcome.partial()).isFalse();
        assertThat(outcome.files().filesNew())
                .isPositive()
                .isLessThan(outcome.files().total() / 2);
    }
}
