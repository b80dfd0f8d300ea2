package dev.holdfast.system.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.backup.BackupOutcome;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a snapshot has no room for is told, and the rest is saved. */
class UnstorableTest {
    @TempDir
    Path temp;

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(temp);
    }

    @AfterEach
    void close() throws Exception {
        Trees.shell(temp, "rm -rf source");
        bench.close();
    }

    @Test
    void aPathThatIsTooLongIsToldAndTheRestIsSaved() throws Exception {
        Trees.shell(bench.source, """
                python3 - <<'END'
                import os
                for i in range(330):
                    os.mkdir('d' * 200); os.chdir('d' * 200)
                END
                echo fine > z
                """);
        BackupOutcome outcome = bench.hosts.backup("alice", "data", bench.source);
        assertThat(outcome.partial()).isTrue();
        assertThat(outcome.unreadableCount()).isEqualTo(1);
        assertThat(outcome.unreadable().get(0).reason()).contains("a path of more than 65536 bytes");
        bench.hosts.restore("bob", bench.selected(outcome.record().orElseThrow(), "z"));
        assertThat(bench.target.resolve("z")).hasContent("fine");
    }
}
