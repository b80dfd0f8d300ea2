package dev.holdfast.agent.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.tree.EntryPath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TallyTest {
    private static final EntryPath FOLDER = EntryPath.ROOT.child("folder".getBytes(StandardCharsets.US_ASCII));

    private final Tally tally = new Tally(Progress.NONE);

    @Test
    void aPathThatIsMetTwiceIsListedAndCountedOnce() {
        for (int walk = 0; walk < 2; walk++) {
            tally.failed(FOLDER, "no permission", false);
            tally.leftOut(FOLDER, "owner 0:0");
            tally.leftOut(FOLDER, "device");
        }

        RestoreOutcome outcome = tally.outcome(Duration.ZERO);
        assertThat(outcome.failureCount()).isOne();
        assertThat(outcome.failures()).hasSize(1);
        assertThat(outcome.leftOutCount()).isEqualTo(2);
        assertThat(outcome.leftOut()).hasSize(2);
    }
}
