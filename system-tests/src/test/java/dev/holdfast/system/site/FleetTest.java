package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server knows what its hosts should have done, an operator orders work on them, and a reader only looks. */
@Timeout(600)
final class FleetTest {
    private static final int FAILED = 1;
    private static final int ABSENT = 10;
    private static final int DENIED = 12;
    private static final int UNREACHABLE = 13;
    private static final int CANCELLED = 130;
    private static final String SCHEDULE = "daily at 02:00";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.openWith(
                folder,
                "operators: [olga]\nreaders: [rita]\n",
                yaml -> scheduled(yaml, "schedule: " + SCHEDULE, ""),
                "olga",
                "rita");
        Trees.fill(site.documents(), 2, 1, 90);
    }

    @AfterEach
    void closeSite() throws Exception {
        site.run("alice", "schedule", "stop", "--exit");
        site.run("bob", "schedule", "stop", "--exit");
        site.close();
    }

    private static String scheduled(String yaml, String schedule, String more) {
        return yaml.replace(
                        "backup: [documents, pictures],",
                        "backup: [documents, pictures], " + more + "schedule: { jobs:"
                                + " [ { server: vault, volume: documents, " + schedule + " } ] },")
                .replace("restore: [alice/documents] }", "restore: [alice/documents], remote: restore }");
    }

    private Said status(String who) throws IOException, InterruptedException {
        return site.run(who, "status", "--json");
    }

    private void awaitAgent(String host) throws Exception {
        Wait.until(
                "the agent of " + host + " is connected",
                PATIENCE,
                () -> site.run("olga", "status", host, "--json").out().contains("\"agent_connected\":true"));
    }

    @Test
    void anOperatorOrdersABackupAndEverybodySeesWhatIsTheirs() throws Exception {
        assertThat(site.run("olga", "backup", "alice:documents")
                        .ending(UNREACHABLE)
                        .err())
                .contains("'alice' is not connected", "never been here")
                .doesNotContain("started", "ended after");
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");

        assertThat(site.run("olga", "backup", "alice:documents").well().out()).contains("is safe on vault");
        site.assertDocumentsComeBack();
        assertThat(status("rita").well().out())
                .contains("\"host\":\"alice\"", "\"host\":\"bob\"", "\"next_due\":", "\"by\":\"olga\"");
        assertThat(status("alice").well().out()).contains("\"host\":\"alice\"").doesNotContain("\"host\":\"bob\"");
        assertThat(status(RealSite.SERVER).well().out()).contains("\"host\":\"alice\"", "\"host\":\"bob\"");
        assertThat(site.run("olga", "status").well().out()).contains("documents", "connected", "ok", "just now");

        assertThat(site.run("olga", "status", "alcie").ending(ABSENT).err())
                .contains("'alcie'", "Did you mean 'alice'?");
        assertThat(site.run(RealSite.SERVER, "status", "alcie").ending(ABSENT).err())
                .contains("Did you mean 'alice'?");
        assertThat(site.run("alice", "status", "--volume", "document")
                        .ending(ABSENT)
                        .err())
                .contains("Did you mean 'documents'?");
        assertThat(site.run("rita", "backup", "alice:documents").ending(DENIED).err())
                .contains("may not start work");
        assertThat(site.run("olga", "backup", "alice:papers").everything()).contains("papers");
        assertThat(site.run("olga", "snapshots").everything()).doesNotContain("documents");
    }

    @Test
    void theMachineOfTheServerOrdersTooAndARestoreThatWasLeftOnAHostIsAFaultOfIt() throws Exception {
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");
        assertThat(site.run(RealSite.SERVER, "backup", "alice:documents").well().out())
                .contains("is safe on vault");

        String line = "holdfast restore documents --source bob --snapshot 1a2b3c4d";
        Path marker = site.state("alice").resolve("alice/restore-0123.unfinished");
        Files.writeString(
                marker,
                "target " + site.documents() + "\nsnapshot 1a2b3c4d5e\nof bob/documents\ninto documents\npaths\nagain "
                        + line + "\n");
        Wait.until(
                "the restore is told of",
                PATIENCE,
                () -> status(RealSite.SERVER).out().contains("\"well\":false"));
        assertThat(site.run("rita", "status").ending(FAILED).out())
                .contains("unfinished: host alice, snapshot 1a2b3c4d of bob/documents into volume documents (")
                .contains("hint: On host 'alice', give `" + line + "` and let it end");
        Files.delete(marker);
        Wait.until(
                "the restore is forgotten",
                PATIENCE,
                () -> status(RealSite.SERVER).out().contains("\"restores\":[]"));
    }

    @Test
    void aRestoreIsCarriedOutOnlyWhereTheHostItselfAllowsIt() throws Exception {
        site.backUp("alice", "documents").well();
        site.run("bob", "schedule", "start").well();
        site.run("alice", "schedule", "start").well();
        awaitAgent("bob");
        awaitAgent("alice");

        List<String> restore = List.of("restore", "documents", "--source", "alice", "--on", "bob");
        Said plan = site.run("olga", words(restore, "--to-volume", "papers", "--dry-run"))
                .well();
        assertThat(plan.out()).contains("create");
        assertThat(site.papers()).doesNotExist();
        Said made = site.run("olga", words(restore, "--to-volume", "unheard", "--yes"))
                .well();
        Trees.assertSame(site.documents(), site.volume("bob", "unheard"));
        assertThat(made.everything()).isNotBlank();
        whatWasDoneIsTold(words(restore, "--to-volume", "another", "--yes"));
        assertThat(site.run("olga", words(restore, "--to-volume", "paper", "--yes"))
                        .ending(ABSENT)
                        .err())
                .contains("Did you mean 'papers'?");

        Said done = site.run(
                        "olga",
                        "restore",
                        "documents",
                        "--source",
                        "alice",
                        "--to-volume",
                        "papers",
                        "--on",
                        "bob",
                        "--yes")
                .well();
        assertThat(done.everything()).isNotBlank();
        Trees.assertSame(site.documents(), site.papers());
        assertThat(site.run("olga", "restore", "documents", "--on", "alice", "--yes")
                        .ending(DENIED)
                        .err())
                .contains("takes no orders for a restore");
        assertThat(site.run(
                                "olga",
                                "restore",
                                "pictures",
                                "--source",
                                "alice",
                                "--to-volume",
                                "papers",
                                "--on",
                                "bob",
                                "--yes")
                        .ending(DENIED)
                        .err())
                .contains("may not read");
    }

    /** However quick it was. */
    private void whatWasDoneIsTold(String... line) throws Exception {
        String files = Trees.shell(site.documents(), "find . -type f | wc -l").strip();
        Said lines =
                site.run("olga", words(List.of(line), "--progress", "lines")).well();
        assertThat(lines.err()).contains("ended after").containsPattern(" " + files + " files?, ");

        Trees.shell(site.volume("bob", "another"), "find . -type f -delete");
        assertThat(site.run("olga", words(List.of(line), "--json")).well().out())
                .contains("\"snapshot_id\":\"", "\"files_restored\":" + files + ",", "\"bytes_fetched\":")
                .doesNotContain("\"bytes_restored\":0,");
    }

    private static String[] words(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void anOrderThatWaitsSaysForWhat() throws Exception {
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");
        Trees.fill(site.documents(), 8, 8, 91);
        Trees.fill(site.volume("alice", "pictures"), 2, 1, 92);
        site.line().toServer().holdAfter(4 << 20);
        String past = pastTheLine().toString();
        Running first = site.start("olga", "--path", past, "backup", "alice:documents");
        site.line().toServer().awaitHold();
        Running second = site.start("olga", "--path", past, "backup", "alice:pictures");
        Wait.until(
                "the host has taken the order",
                PATIENCE,
                () -> Trees.shell(folder, "cat " + site.state("alice") + "/alice/agent.log")
                        .contains("backup of 'pictures' is ordered"));
        site.line().toServer().release();
        first.await(PATIENCE).well();
        assertThat(second.await(PATIENCE).well().err())
                .contains(
                        "backup alice:pictures: waits for the backup of 'documents'\nbackup alice:pictures: started\n");
    }

    @Test
    void ctrlCStopsTheBackupOnTheOtherHost() throws Exception {
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");
        Trees.fill(site.documents(), 8, 8, 91);
        site.line().toServer().holdAfter(4 << 20);
        Running order = site.start("olga", "--path", pastTheLine().toString(), "backup", "alice:documents");
        site.line().toServer().awaitHold();
        order.signal("INT");
        Wait.until(
                "the run on the host has ended",
                PATIENCE,
                () -> site.run("alice", "schedule", "status", "--json").out().contains("\"result\":\"cancelled\""));
        site.line().toServer().release();
        assertThat(order.await(PATIENCE).exitCode()).isEqualTo(CANCELLED);
        assertThat(site.run("alice", "snapshots", "--json").out()).doesNotContain("snapshot_id");
        Wait.until(
                "the server is told, by a new connection if the stalled one broke",
                PATIENCE,
                () -> status("olga").out().contains("\"result\":\"cancelled\""));
        assertThat(status("olga").well().out()).doesNotContain("\"failed\":true");
        assertThat(site.run("olga", "status", "alice").well().out()).contains("cancelled");
    }

    @Test
    void whatIsUnderWayOnAHostIsCancelledFromAnywhere() throws Exception {
        slowDownAlice(SCHEDULE);
        String[] cancel = {"cancel", "alice:documents"};
        assertThat(site.run("olga", cancel).ending(ABSENT).err()).contains("is under way with volume 'documents'");
        Running order = site.start("olga", "backup", "alice:documents");
        awaitRunning();

        assertThat(site.run("rita", cancel).ending(DENIED).err()).contains("may not start work");
        assertThat(site.run("alice", cancel).ending(DENIED).err()).contains("may not start work");
        assertThat(site.run("olga", "cancel", "alice:pictures", "carl:papers", "alice:documents", "--json")
                        .ending(ABSENT)
                        .everything())
                .contains("\"work\":\"cancel\"", "the backup of 'documents' that 'olga' ordered is cancelled")
                .contains(
                        "\"volume\":\"alice:pictures\"", "1 of 3 volumes was stopped; not alice:pictures, carl:papers");
        assertThat(order.await(PATIENCE).ending(CANCELLED).err()).contains("cancelled by 'olga'");
        assertThat(site.run("alice", "snapshots", "--json").out()).doesNotContain("short_id");
        assertThat(site.run("olga", cancel).ending(ABSENT).err()).contains("holdfast status alice");
        assertThat(status("olga").well().out()).contains("\"result\":\"cancelled\"", "\"agent_connected\":true");
    }

    @Test
    void aRunOfTheScheduleIsCancelledToo() throws Exception {
        slowDownAlice("'* * * * *'");
        awaitRunning();
        assertThat(site.run("olga", "cancel", "alice:documents").well().out())
                .isEqualTo("the scheduled backup of 'documents' is cancelled\n");
        assertThat(site.run("alice", "schedule", "status", "--json").out()).contains("\"result\":\"cancelled\"");
    }

    /** Starts her agent with that schedule, and with backups that take a minute each. */
    private void slowDownAlice(String schedule) throws Exception {
        Trees.fill(site.documents(), 8, 2, 91);
        site.configure(scheduled(site.configuration(), "schedule: " + schedule, "limits: { bandwidth: 256KiB/s }, "));
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");
    }

    private void awaitRunning() throws Exception {
        Wait.until(
                "the backup is under way",
                PATIENCE.multipliedBy(2),
                () -> status("olga").out().contains("\"running\":true"));
    }

    /** What olga says is not held up where what hosts send is. */
    private Path pastTheLine() throws IOException {
        String yaml = Files.readString(folder.resolve("hosts.yaml"))
                .replace("port: " + site.line().port(), "port: " + site.port());
        return Files.writeString(folder.resolve("olga.yaml"), yaml);
    }

    @Test
    void aServerThatComesBackIsConnectedToAgainAndRemembers() throws Exception {
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");
        site.run("olga", "backup", "alice:documents").well();
        Wait.until(
                "the host has told how it went",
                PATIENCE,
                () -> status("olga").out().contains("\"by\":\"olga\""));
        site.killServer();
        assertThat(status("olga").ending(UNREACHABLE).err()).contains("vault");
        assertThat(status(RealSite.SERVER).ending(ABSENT).err()).contains("not running");
        site.startServer();
        awaitAgent("alice");
        assertThat(status("olga").well().out()).contains("\"by\":\"olga\"", "\"result\":\"done\"");
        site.run("olga", "backup", "alice:documents").well();
    }

    @Test
    void aBackupThatFailsOnTheHostIsSeenOnTheServer() throws Exception {
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");
        Trees.shell(folder, "mv " + site.documents() + " " + site.documents() + ".away");
        assertThat(site.run("olga", "backup", "alice:documents").everything()).contains("documents");
        Wait.until("it is seen", PATIENCE, () -> status("olga").out().contains("\"failed\":true"));
        assertThat(site.run("olga", "status").ending(FAILED).out()).contains("FAILED", "failed:  alice/documents");
        Files.move(Path.of(site.documents() + ".away"), site.documents());
        site.run("olga", "backup", "alice:documents").well();
        assertThat(site.run("olga", "status").well().out()).contains("ok");
    }
}
