package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C or SIGTERM in the middle of a restore, and of the one that goes on from there, while the line brings nothing more. */
@Timeout(600)
final class InterruptedRestoreTest {
    private static final long MIB = 1 << 20;
    private static final long IN_FLIGHT = 16 * MIB;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final List<String> RESTORE =
            List.of("restore", "documents", "--source", "alice", "--to-volume", "papers", "--yes");

    @TempDir
    Path folder;

    @Test
    void itStopsSoonHoweverOftenAndTheNextRunGoesOn() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 2, 96, 3);
            site.backUp("alice", "documents").well();
            long before = site.line().fromServer().passed();

            assertThat(stopped(site, 40, "INT").ending(130).err())
                    .contains("stopping; what is restored so far stays")
                    .contains("the restore was cancelled")
                    .contains("the same command goes on from there");
            for (int megabytes : new int[] {4, 24}) {
                assertThat(stopped(site, megabytes, "TERM", "--json")
                                .ending(143)
                                .err())
                        .contains("{\"message_type\":\"exit_error\",\"code\":143,\"problem\":\"HF-CANCELLED\",");
            }

            site.restore().well();
            Trees.assertSame(site.documents(), site.papers());
            assertThat(site.line().fromServer().passed() - before)
                    .as("bytes that all four runs got for 192 MiB")
                    .isLessThan(192 * MIB + 3 * IN_FLIGHT);
        }
    }

    private static Said stopped(RealSite site, int megabytes, String signal, String... more) throws Exception {
        Gate fromServer = site.line().fromServer();
        fromServer.holdAfter(megabytes * MIB);
        String[] words = Stream.concat(RESTORE.stream(), Stream.of(more)).toArray(String[]::new);
        Running restore = site.start("bob", words);
        fromServer.awaitHold();
        restore.signal(signal);
        Said said = restore.await(SOON);
        fromServer.release();
        return said;
    }
}
