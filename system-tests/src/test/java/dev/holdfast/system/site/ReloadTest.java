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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server is told that its configuration has changed, by each of the three ways, and that its log was moved away. */
@Timeout(600)
final class ReloadTest {
    private static final int USAGE = 2;
    private static final int DENIED = 12;
    /** On an idle machine it is a twentieth of a second, and half a second more where the server has to notice by itself. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.open(folder);
    }

    @AfterEach
    void closeSite() throws Exception {
        site.close();
    }

    private enum Way {
        COMMAND,
        SIGNAL,
        FILE_WATCH;

        void tell(RealSite site) throws Exception {
            if (this == COMMAND) {
                site.run(RealSite.SERVER, "server", "reload").well();
            } else if (this == SIGNAL) {
                site.signalServer("HUP");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHostThatIsLetGoIsCutOffInTheMiddleOfItsBackup(Way way) throws Exception {
        Trees.fill(site.documents(), 8, 8, 50);
        Trees.fill(site.papers(), 1, 1, 51);
        site.line().toServer().holdAfter(20 << 20);
        Running backup = site.startBackup("alice", "documents");
        site.line().toServer().awaitHold();
        assertThat(site.line().connections()).isEqualTo(1);

        // Of the same length and time, so that the file alone does not give it away.
        site.configureServer(site.configuration().replace("alice", "alixe"), way == Way.FILE_WATCH);
        way.tell(site);
        Wait.until("alice is cut off", AT_ONCE, () -> site.line().connections() == 0);
        site.line().toServer().release();

        assertThat(backup.await().ending(DENIED).everything()).contains("HF-DENIED");
        site.backUp("bob", "papers").well();
    }

    @Test
    void aConfigurationWithErrorsIsNotUsedAndTheyAreShown() throws Exception {
        site.configureServer(site.configuration().replace("clients:", "cleints:"));
        Wait.until("the log says so", PATIENCE, () -> site.serverLog().contains("configuration is not used"));

        assertThat(site.run(RealSite.SERVER, "server", "reload").ending(USAGE).err())
                .contains("cleints")
                .contains("holdfast.yaml:3:1");
        assertThat(site.serverLog()).containsOnlyOnce("configuration is not used");
        assertThat(site.serverStatus().well().out()).contains("\"running\":true");
        Trees.fill(site.papers(), 1, 1, 52);
        site.backUp("bob", "papers").well();
        site.run(RealSite.SERVER, "server", "stop").well();
    }

    @Test
    void aLogThatWasMovedAwayIsBegunAnewBySignal() throws Exception {
        Path log = site.state(RealSite.SERVER).resolve("vault/server.log");
        Path old = log.resolveSibling("server.log-of-yesterday");
        Files.move(log, old);

        site.signalServer("HUP");
        Wait.until(
                "a new log has begun",
                PATIENCE,
                () -> Files.exists(log) && Files.readString(log).contains("configuration read again"));
        Trees.fill(site.papers(), 1, 1, 53);
        site.backUp("bob", "papers").well();

        assertThat(log).content().contains("[bob]").contains("backup of 'papers' began");
        assertThat(old).content().contains("listens on").doesNotContain("[bob]");
    }
}
