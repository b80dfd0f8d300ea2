package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The clock of a host is set while its agent runs. Its clock is that of libfaketime, which the whole program sees. */
@Timeout(300)
final class ChangedClockTest {
    private static final int ABSENT = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Instant NOON = Instant.parse("2027-03-02T12:00:00Z");
    private static final Instant NIGHT = Instant.parse("2027-03-03T02:00:00Z");

    @TempDir
    Path folder;

    private RealSite site;
    private FakeClock clock;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.open(folder);
        site.configure(site.configuration()
                .replace("clients:", "operators: [bob]\nclients:")
                .replace(
                        "backup: [documents, pictures],",
                        "backup: [documents, pictures], schedule: { time_zone: UTC, jobs:"
                                + " [ { server: vault, volume: documents, schedule: daily at 02:00 } ] },"));
        Trees.fill(site.documents(), 2, 1, 90);
        Trees.fill(site.volume("alice", "pictures"), 2, 1, 91);
        clock = FakeClock.of(site, "alice");
    }

    @AfterEach
    void closeSite() throws Exception {
        if (site != null) {
            site.close();
        }
    }

    private int runs() throws Exception {
        Said snapshots = site.run("alice", "snapshots", "documents", "--json");
        return snapshots.exitCode() == ABSENT ? 0 : snapshots.well().out().split("\"short_id\"", -1).length - 1;
    }

    /** The agent looks at its clock before each order that is not the first, in the thread that starts what is due. */
    private void look() throws Exception {
        site.run("bob", "backup", "alice:pictures").well();
        site.run("bob", "backup", "alice:pictures").well();
    }

    @Test
    void aClockThatIsSetForwardOrBackLosesNoRunAndDoublesNone() throws Exception {
        clock.set(NOON);
        Running agent = site.start("alice", "schedule", "run");
        Wait.until(
                "the agent answers",
                PATIENCE,
                () -> site.run("alice", "schedule", "status", "--json").out().contains("\"running\":true"));
        look();
        assertThat(runs()).as("nothing is due at noon").isZero();

        clock.set(NIGHT.plusSeconds(5));
        look();
        Wait.until("what was due in the hours that were left out is made up for", PATIENCE, () -> runs() == 1);

        clock.set(NIGHT.minusSeconds(3));
        Instant back = InstantSource.system().instant();
        look();
        Wait.until(
                "it is two o'clock again",
                PATIENCE,
                () -> InstantSource.system().instant().isAfter(back.plusSeconds(4)));
        look();
        assertThat(runs()).as("what ran at two does not run at two again").isEqualTo(1);

        clock.set(NIGHT.plus(Duration.ofDays(1)).plusSeconds(5));
        look();
        Wait.until("the next night's is made", PATIENCE, () -> runs() == 2);
        agent.signal("TERM");
        agent.await(PATIENCE);
    }
}
