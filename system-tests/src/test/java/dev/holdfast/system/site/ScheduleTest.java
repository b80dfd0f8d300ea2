package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The resident agent as a process: what is overdue when it starts is made up for at once, which is how a job fires here. */
@Timeout(600)
final class ScheduleTest {
    private static final int FAILED = 1;
    private static final int ABSENT = 10;
    private static final int BUSY = 11;
    private static final int TERMINATED = 143;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.open(folder);
        site.configure(site.configuration()
                .replace(
                        "backup: [documents, pictures],",
                        "backup: [documents, pictures], schedule: { jobs:"
                                + " [ { server: vault, volume: documents, schedule: daily at 02:00 } ] },"));
        Trees.fill(site.documents(), 2, 1, 70);
    }

    @AfterEach
    void closeSite() throws Exception {
        site.run("alice", "schedule", "stop", "--exit");
        site.close();
    }

    private Path book() {
        return site.state("alice").resolve("alice/schedule.json");
    }

    /** As if the agent had been away since then. */
    private void missed() throws Exception {
        String text = Files.readString(book());
        Files.writeString(book(), text.replaceAll("(\"(?:covered|next)\" : )\"[^\"]*\"", "$1\"2026-01-01T00:00:00Z\""));
    }

    private Said status() throws Exception {
        return site.run("alice", "schedule", "status", "--json");
    }

    private void startedOnce() throws Exception {
        site.run("alice", "schedule", "start").well();
        site.run("alice", "schedule", "stop", "--exit").well();
        missed();
    }

    private boolean logSays(String text) throws Exception {
        Path log = site.state("alice").resolve("alice/agent.log");
        return Files.exists(log) && Files.readString(log).contains(text);
    }

    @Test
    void aMissedBackupIsMadeUpForWhenTheAgentStartsAndComesBack() throws Exception {
        assertThat(site.run("alice", "schedule", "start", "--dry-run").well().out())
                .contains("documents", "daily at 02:00");
        assertThat(status().ending(ABSENT).out()).contains("\"running\":false");
        startedOnce();
        assertThat(status().ending(FAILED).out()).contains("\"overdue\":true");

        site.run("alice", "schedule", "start").well();
        Wait.until("the backup is made", PATIENCE, () -> status().out().contains("\"result\":\"done\""));

        assertThat(status().well().out()).contains("\"overdue\":false", "\"snapshot_id\":");
        assertThat(site.run("alice", "schedule", "status").well().out())
                .contains("documents", "vault", "daily at 02:00", "done");
        site.assertDocumentsComeBack();
        assertThat(site.run("alice", "schedule", "start").ending(BUSY).err()).contains("is running already");
        Running second = site.start("alice", "schedule", "run");
        assertThat(second.await().ending(BUSY).err()).contains("is running already");
    }

    @Test
    void anAgentThatIsKilledDuringABackupMakesItUpAfterwards() throws Exception {
        startedOnce();
        site.run("alice", "schedule", "stop").well();
        Trees.fill(site.documents(), 8, 8, 71);
        site.line().toServer().holdAfter(4 << 20);
        resumeInBook();
        Running agent = site.start("alice", "schedule", "run");
        site.line().toServer().awaitHold();
        assertThat(status().well().out()).contains("\"running\":true");
        agent.kill();
        site.line().toServer().release();

        Running next = site.start("alice", "schedule", "run");
        Wait.until("the backup is made", PATIENCE, () -> status().out().contains("\"result\":\"done\""));
        site.assertDocumentsComeBack();
        next.signal("TERM");
        next.await(PATIENCE);
    }

    @Test
    void aTerminatedAgentStopsItsBackupAtOnceAndTheNextOneGoesOn() throws Exception {
        startedOnce();
        Trees.fill(site.documents(), 8, 8, 72);
        resumeInBook();
        site.line().toServer().holdAfter(4 << 20);
        Running agent = site.start("alice", "schedule", "run");
        site.line().toServer().awaitHold();
        agent.signal("TERM");
        assertThat(agent.await(Duration.ofSeconds(20)).ending(TERMINATED).everything())
                .contains("it goes on with the next agent");
        site.line().toServer().release();
        assertThat(status().out()).contains("\"result\":\"interrupted\"");

        site.run("alice", "schedule", "start").well();
        Wait.until("the backup is made", PATIENCE, () -> status().out().contains("\"result\":\"done\""));
    }

    private void resumeInBook() throws Exception {
        Files.writeString(book(), Files.readString(book()).replace("\"paused\" : true", "\"paused\" : false"));
    }

    @Test
    void aPauseLastsUntilSomebodyStartsTheScheduleAgain() throws Exception {
        startedOnce();
        Running agent = site.start("alice", "schedule", "run");
        Wait.until("the agent answers", PATIENCE, () -> status().out().contains("\"running\":true"));
        assertThat(status().ending(FAILED).out()).contains("\"paused\":true", "\"overdue\":true");
        site.backUp("alice", "documents").well();
        site.restore().well();
        assertThat(status().well().out())
                .as("what is typed counts for the job")
                .contains("\"paused\":true", "\"overdue\":false", "\"result\":\"done\"");

        agent.signal("TERM");
        agent.await(PATIENCE);
        missed();
        agent = site.start("alice", "schedule", "run");
        Wait.until("the agent answers", PATIENCE, () -> status().out().contains("\"running\":true"));
        assertThat(status().ending(FAILED).out()).contains("\"paused\":true", "\"overdue\":true");
        site.run("alice", "schedule", "start").well();
        Wait.until("the backup is made", PATIENCE, () -> status().out().contains("\"overdue\":false"));
        site.run("alice", "schedule", "stop").well();
        agent.signal("TERM");
        agent.await(PATIENCE);
        Running later = site.start("alice", "schedule", "run");
        Wait.until("the agent answers", PATIENCE, () -> status().out().contains("\"running\":true"));
        assertThat(status().well().out()).contains("\"paused\":true");
        later.signal("TERM");
        later.await(PATIENCE);
    }

    @Test
    void aChangedConfigurationIsPickedUpAndABrokenOneIsNotUsedAndSaidSo() throws Exception {
        site.run("alice", "schedule", "start").well();
        String good = Files.readString(folder.resolve("hosts.yaml"));
        Path hosts = folder.resolve("hosts.yaml");

        Files.writeString(hosts, good.replace("clients:", "cleints:"));
        Wait.until("the log says so", PATIENCE, () -> logSays("configuration is not used"));
        assertThat(status().well().out()).contains("\"configuration_problem\":", "daily at 02:00");

        Files.writeString(hosts, good.replace("daily at 02:00", "daily at 05:00"));
        Wait.until("it is used", PATIENCE, () -> status().out().contains("daily at 05:00"));
        assertThat(status().well().out()).doesNotContain("configuration_problem");
    }

    @Test
    void aFailedBackupIsToldWithItsReasonAndWhenItIsTriedAgain() throws Exception {
        startedOnce();
        site.killServer();
        site.run("alice", "schedule", "start").well();
        Wait.until("it has failed", PATIENCE, () -> status().out().contains("\"result\":\"failed\""));
        assertThat(status().ending(FAILED).out()).contains("HF-UNREACHABLE", "\"retry_at\":");
        assertThat(site.run("alice", "schedule", "status").ending(FAILED).out())
                .contains("OVERDUE", "tried again at", "HF-UNREACHABLE");
    }
}
