package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.openWith(folder, "operators: [olga]\nreaders: [rita]\n");
        site.configure(site.configuration()
                .replace(
                        "backup: [documents, pictures],",
                        "backup: [documents, pictures], schedule: { jobs:"
                                + " [ { server: vault, volume: documents, schedule: daily at 02:00 } ] },")
                .replace("restore: [alice/documents] }", "restore: [alice/documents], remote: restore }"));
        site.run(RealSite.SERVER, "server", "reload").well();
        site.install("olga");
        site.install("rita");
        Trees.fill(site.documents(), 2, 1, 90);
    }

    @AfterEach
    void closeSite() throws Exception {
        site.run("alice", "schedule", "stop", "--exit");
        site.run("bob", "schedule", "stop", "--exit");
        site.close();
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
                .contains("'alice' is not connected", "never been here");
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");

        assertThat(site.run("olga", "backup", "alice:documents").well().out()).contains("is safe on vault");
        site.assertDocumentsComeBack();
        assertThat(status("rita").well().out())
                .contains("\"host\":\"alice\"", "\"host\":\"bob\"", "\"next_due\":", "\"by\":\"olga\"");
        assertThat(status("alice").well().out()).contains("\"host\":\"alice\"").doesNotContain("\"host\":\"bob\"");
        assertThat(status(RealSite.SERVER).well().out()).contains("\"host\":\"alice\"", "\"host\":\"bob\"");
        assertThat(site.run("olga", "status").well().out()).contains("documents", "connected", "ok", "just now");

        assertThat(site.run("rita", "backup", "alice:documents").ending(DENIED).err())
                .contains("may not start work");
        assertThat(site.run("olga", "backup", "alice:papers").everything()).contains("papers");
        assertThat(site.run("olga", "snapshots").everything()).doesNotContain("documents");
    }

    @Test
    void aRestoreIsCarriedOutOnlyWhereTheHostItselfAllowsIt() throws Exception {
        site.backUp("alice", "documents").well();
        site.run("bob", "schedule", "start").well();
        site.run("alice", "schedule", "start").well();
        awaitAgent("bob");
        awaitAgent("alice");

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

    @Test
    void ctrlCStopsTheBackupOnTheOtherHost() throws Exception {
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");
        Trees.fill(site.documents(), 8, 8, 91);
        site.line().toServer().holdAfter(4 << 20);
        Running order = site.start("olga", "backup", "alice:documents");
        site.line().toServer().awaitHold();
        site.line().toServer().release();
        order.signal("INT");
        Said said = order.await(PATIENCE);
        assertThat(said.exitCode()).isIn(0, CANCELLED);
        assertThat(site.run("alice", "schedule", "status", "--json").out()).contains("\"running\":true");
    }

    @Test
    void aServerThatComesBackIsConnectedToAgainAndRemembers() throws Exception {
        site.run("alice", "schedule", "start").well();
        awaitAgent("alice");
        site.run("olga", "backup", "alice:documents").well();
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
