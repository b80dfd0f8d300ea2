package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.core.daemon.LockedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backing up through the program, over real SSH. */
final class BackingUpTest {
    @TempDir
    Path folder;

    private TwoHosts site;

    @BeforeEach
    void start() throws IOException {
        site = new TwoHosts(folder);
        site.write("alice", "mail", "inbox", "letter");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void aVolumeThatFailsDoesNotKeepTheOthersFromBeingBackedUp() {
        ProgramRun run = site.on("alice").run("backup");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.out()).contains("snapshot ", " of mail is safe on attic");
        assertThat(run.err())
                .contains("error: volume 'photos' cannot be read", "  hint: Check `path` of the volume")
                .endsWith("error: 1 of 2 volumes was backed up; not photos  [HF-NOT-FOUND]\n");
    }

    @Test
    void theSameHoldsForVolumesThatAreNamedAndForPrograms() {
        ProgramRun run = site.on("alice").run("backup", "photos", "mail", "--json", "--progress=none");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.out().lines().toList())
                .satisfiesExactly(
                        error -> assertThat(error)
                                .contains(
                                        "\"message_type\":\"error\"",
                                        "\"volume\":\"photos\"",
                                        "\"code\":10",
                                        "\"problem\":\"HF-NOT-FOUND\"",
                                        "\"hint\":\"Check"),
                        summary -> assertThat(summary).contains("\"message_type\":\"summary\"", "\"volume\":\"mail\""));
        assertThat(run.err()).contains("\"exit_error\"", "1 of 2 volumes was backed up; not photos");
    }

    @Test
    void oneVolumeAloneFailsWithItsOwnProblem() {
        ProgramRun run = site.on("alice").run("backup", "photos", "--quiet");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err())
                .startsWith("error: volume 'photos' cannot be read")
                .doesNotContain(" of 1 ");
    }

    @Test
    void whatWouldFailForAllEndsTheRunAtOnce() {
        site.close();

        ProgramRun run = site.on("alice").run("backup", "--quiet");

        assertThat(run.exitCode()).isEqualTo(13);
        assertThat(run.err()).startsWith("error: cannot reach server 'attic'").doesNotContain("2 volumes");
    }

    /** Its hook {@code after} fails, and {@code on_failure} notes what it is told. */
    private Path failingAfterwards() throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        Path told = folder.resolve("told");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "{ name: mail }",
                                "{ name: mail, hooks: { after: exit 3, on_failure: 'echo \"$HOLDFAST_SNAPSHOT $HOLDFAST_MESSAGE\" >"
                                        + told + "' } }"));
        return told;
    }

    @Test
    void aSnapshotAfterWhichAHookFailsIsToldOfLikeAnyAndTheFailureToo() throws IOException {
        Path told = failingAfterwards();

        ProgramRun run = site.on("alice").run("backup", "mail", "--json", "--progress=none");

        assertThat(run.exitCode()).isEqualTo(1);
        String summary = run.out()
                .lines()
                .filter(line -> line.contains("\"summary\""))
                .findFirst()
                .orElseThrow();
        String id = TwoHosts.field(summary, "snapshot_id");
        assertThat(run.err()).contains("is safe, but hook `after`", "\"context\":{\"snapshot_id\":\"" + id + "\"}");
        assertThat(Files.readString(told)).startsWith(id + " snapshot ").contains("is safe, but hook `after`");
    }

    @Test
    void amongSeveralItCountsAsBackedUp() throws IOException {
        failingAfterwards();
        site.write("alice", "photos", "a.jpg", "rome");

        ProgramRun run = site.on("alice").run("backup");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains(" of mail is safe on attic", " of photos is safe on attic");
        assertThat(run.err())
                .contains("is safe, but hook `after`")
                .doesNotContain("was not backed up")
                .endsWith("error: 2 of 2 volumes were backed up; with trouble afterwards: mail  [HF-FAILED]\n");
    }

    @Test
    void aNameThatIsUnknownEndsTheCommandBeforeAnythingIsBackedUp() {
        ProgramRun run = site.on("alice").run("backup", "mail", "mial");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err()).contains("Did you mean 'mail'?");
        assertThat(run.out()).doesNotContain("safe");
    }

    private void schedule() throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        String job = "schedule: { jobs: [{ server: attic, volume: mail, schedule: daily at 02:00 }] }";
        Files.writeString(
                file,
                Files.readString(file).replace("backup: [photos, mail],", "backup: [photos, mail], " + job + ","));
    }

    @Test
    void whatIsTypedBeforeThereIsAnAgentIsTheLastRunOfItsJob() throws IOException {
        schedule();
        assertThat(site.on("alice").run("schedule", "status").out()).contains("never");
        assertThat(site.on("alice").run("backup", "mail").exitCode()).isZero();
        site.clock.advance(Duration.ofDays(2));

        ProgramRun status = site.on("alice").run("schedule", "status");
        assertThat(status.exitCode()).as("no agent, but nothing is overdue").isEqualTo(10);
        assertThat(status.out()).contains("2 days ago", "done").doesNotContain("never");
        assertThat(site.on("alice").run("schedule", "status", "--json").out())
                .contains("\"overdue\":false", "\"last_success\":", "\"last_run\":{\"result\":\"done\"");
    }

    /** As an agent has left it that could not back up, and is gone. */
    private void leaveFailedJob() throws IOException {
        schedule();
        Instant past = site.clock.instant().minus(Duration.ofDays(2));
        Path book = AgentSetup.book(site.state("alice").folder());
        Files.writeString(book, """
                { "version": 1, "paused": false, "jobs": [ { "server": "attic", "volume": "mail", "schedule": "daily at 02:00",
                  "covered": "%1$s", "next": "%1$s", "tries": 1, "owed_since": "%1$s",
                  "last": { "result": "failed", "began": "%1$s", "millis": 5, "problem": "HF-BUSY",
                    "message": "a restore is not finished", "hint": "Remove a file that is gone." } } ] }
                """.formatted(past));
    }

    @Test
    void whatIsTypedCountsForTheJobOfTheScheduleAlsoWithoutAnAgent() throws IOException {
        leaveFailedJob();
        ProgramRun before = site.on("alice").run("schedule", "status");
        assertThat(before.exitCode()).isEqualTo(1);
        assertThat(before.out()).contains("OVERDUE", "Remove a file that is gone.", "overdue since");

        assertThat(site.on("alice").run("backup", "mail", "--dry-run").exitCode())
                .isZero();
        assertThat(site.on("alice").run("schedule", "status").exitCode())
                .as("a dry run counts for nothing")
                .isEqualTo(1);
        assertThat(site.on("alice").run("backup", "mail").exitCode()).isZero();

        ProgramRun after = site.on("alice").run("schedule", "status");
        assertThat(after.exitCode()).as(after.out()).isEqualTo(10);
        assertThat(after.out()).contains("done").doesNotContain("OVERDUE", "overdue", "Remove");
        String json = site.on("alice").run("schedule", "status", "--json").out();
        assertThat(json)
                .contains("\"overdue\":false", "\"result\":\"done\"", "\"last_success\":", "\"files\":1")
                .doesNotContain("owed_since", "problem");
    }

    private static final String AGAIN = "holdfast restore mail --source bob --snapshot 1a2b3c4d";

    private Path markRestore() throws IOException {
        Path state = Files.createDirectories(site.state("alice").folder());
        return Files.writeString(
                state.resolve("restore-0123.unfinished"),
                "target " + site.volume("alice", "mail") + "\nsnapshot 1a2b3c4d5e\nof bob/mail\nagain " + AGAIN + "\n");
    }

    @Test
    void aRestoreThatIsNotFinishedIsAFailureInTheStatusWithTheLineThatGoesOnWithIt() throws IOException {
        markRestore();

        ProgramRun run = site.on("alice").run("schedule", "status");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("snapshot 1a2b3c4d of bob/mail into ", "hint: Give `" + AGAIN + "` and let it end.");
    }

    @Test
    void aRestoreThatIsAtWorkIsShownInTheStatusAndIsNoFailure() throws IOException {
        try (LockedFile atWork = LockedFile.takeIfFree(markRestore(), "marker").orElseThrow()) {
            assertThat(atWork.read(10)).isEqualTo("target " + folder.toString().substring(0, 3));
            ProgramRun run = site.on("alice").run("schedule", "status");

            assertThat(run.exitCode())
                    .as("no agent runs, and nothing else is wrong")
                    .isEqualTo(10);
            assertThat(run.out())
                    .contains("restoring now: snapshot 1a2b3c4d of bob/mail into " + site.volume("alice", "mail"))
                    .doesNotContain("warning", "not finished");
            assertThat(site.on("alice").run("schedule", "status", "--json").out())
                    .contains("\"leftovers\":[]", "\"restores\":[{\"target\":\"", "\"snapshot_id\":\"1a2b3c4d\"");
        }
    }
}
