package dev.holdfast.system.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.restore.RestoreRun;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody on the target's machine exchanges parts of the target for links that lead out of it, while the restore is at work. A run
 * asks at each entry whether it was cancelled; that is where the exchange is made, at every such moment in turn.
 */
class SwappedFolderTest {
    private static final String TREE = """
            mkdir -p a/b; echo one > a/b/victim; echo two > a/victim; echo three > victim; ln -s x a/link; chmod 0701 a a/b
            chmod 0604 victim a/victim; ln a/victim twin; mkdir z; echo four > z/f
            """;
    private static final String OLD = """
            mkdir -p a/b a/extra; echo old > a/b/victim; echo old > a/victim; echo old > victim; echo x > a/extra/victim
            echo x > a/b/more; mkdir z
            """;

    @TempDir
    Path temp;

    private Bench bench;
    private SnapshotRecord snapshot;
    private String before;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(temp);
        snapshot = bench.snapshotOf(TREE);
        Trees.shell(
                bench.outside,
                "mkdir -p b extra; for f in victim b/victim b/more extra/victim; do echo mine > $f; done");
        before = lookOutside();
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private String lookOutside() throws Exception {
        return Trees.shell(
                bench.outside,
                "find . -printf '%p %y %m %U %G %s %T@ %C@ %n\\n' | sort; cat victim b/victim extra/victim");
    }

    /** Moves what is there out of the way and puts a link to the place outside in its place. */
    private void swap(String name, String outside) {
        try {
            Path place = bench.target.resolve(name);
            if (Files.exists(place.getParent())) {
                if (Files.exists(place)) {
                    Files.move(place, bench.target.resolve("moved"));
                }
                Files.createSymbolicLink(place, bench.outside.resolve(outside));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts the moments of one phase, and does something at one of them. */
    private static final class Moment implements Progress, BooleanSupplier {
        private final String phase;
        private final int moment;
        private final Runnable attack;
        private boolean in;
        private int seen;

        Moment(String phase, int moment, Runnable attack) {
            this.phase = phase;
            this.moment = moment;
            this.attack = attack;
        }

        @Override
        public void phase(String name) {
            in = name.equals(phase);
        }

        @Override
        public synchronized boolean getAsBoolean() {
            if (in && seen++ == moment) {
                attack.run();
            }
            return false;
        }

        boolean came() {
            return seen > moment;
        }
    }

    private boolean attacked(String phase, int at, String name, String outside) throws Exception {
        Trees.shell(temp, "rm -rf target");
        Trees.shell(bench.target, OLD);
        Moment moment = new Moment(phase, at, () -> swap(name, outside));
        List<ProblemCode> ends = new ArrayList<>();
        try (RestoreRun run =
                bench.hosts.restoreRun("bob", bench.request(snapshot).deletingExtras(), moment, moment)) {
            run.plan();
            run.carryOut();
        } catch (HoldfastException e) {
            ends.add(e.problem().code());
        }
        assertThat(lookOutside()).as(phase + " " + at + " " + name).isEqualTo(before);
        assertThat(ends).as(phase + " " + at + " " + name).doesNotContain(ProblemCode.BUG);
        return moment.came();
    }

    private void attackAtEveryMomentOf(String phase, String name, String outside) throws Exception {
        int at = 0;
        while (attacked(phase, at, name, outside)) {
            at++;
        }
        assertThat(at).isGreaterThan(5);
    }

    @Test
    void aFolderIsSwappedAfterThePlan() throws Exception {
        attackAtEveryMomentOf("comparing", "a", "");
    }

    @Test
    void aFolderIsSwappedWhileFilesAreWritten() throws Exception {
        attackAtEveryMomentOf("restoring", "a", "");
    }

    @Test
    void aFolderBelowIsSwappedWhileFilesAreWritten() throws Exception {
        attackAtEveryMomentOf("restoring", "a/b", "b");
    }

    @Test
    void aFileIsSwappedWhileFilesAreWritten() throws Exception {
        attackAtEveryMomentOf("restoring", "a/victim", "victim");
    }

    @Test
    void aFolderIsSwappedDuringDeletion() throws Exception {
        attackAtEveryMomentOf("deleting", "a", "");
    }

    @Test
    void anExtraFolderIsSwappedDuringDeletion() throws Exception {
        attackAtEveryMomentOf("deleting", "a/extra", "extra");
    }
}
