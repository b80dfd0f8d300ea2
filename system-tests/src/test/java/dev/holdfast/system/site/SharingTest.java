package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts with the same files: who shares with whom, and who learns what by it. */
@Timeout(600)
final class SharingTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void inATrustedRealmWhatTheServerHasVerifiedIsNotSentASecondTime() throws Exception {
        try (RealSite site = RealSite.openWith(folder, "realms: [{ name: default, server: trusted }]\n")) {
            giveBothTheSame(site);
            site.backUp("alice", "documents").well();
            Wait.until("all is verified", Duration.ofMinutes(2), () -> unverified(site) == 0);
            long stored = realm(site, "bytes");
            site.killServer();
            site.startServer();
            assertThat(unverified(site))
                    .as("what a killed server had verified stays so")
                    .isZero();

            long sent = backUpPapers(site);

            assertThat(sent).isBetween(MIB, 2 * MIB);
            assertThat(realm(site, "bytes") - stored).isLessThan(2 * MIB);
            assertPapersComeBack(site);
        }
    }

    @Test
    void inASealedRealmItIsSentAgainAsIfNobodyHadEverHadIt() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            giveBothTheSame(site);
            long alone = backUpPapers(site);
            long before = site.line().toServer().passed();

            long second = site.backUp("alice", "documents").well().summary().number("bytes_sent");

            assertThat(second).isBetween(24 * MIB, alone);
            assertThat(site.line().toServer().passed() - before).isGreaterThan(24 * MIB);
            assertThat(unverified(site)).isGreaterThan(48 * MIB);
            assertPapersComeBack(site);
        }
    }

    /** Bob's papers are alice's documents and one file more. */
    private static void giveBothTheSame(RealSite site) throws Exception {
        Trees.fill(site.documents(), 6, 4, 60);
        Trees.fill(site.papers(), 6, 4, 60);
        Trees.shell(site.papers(), "head -c 1M /dev/urandom > of-his-own");
    }

    private static long backUpPapers(RealSite site) throws Exception {
        return site.backUp("bob", "papers").well().summary().number("bytes_sent");
    }

    private void assertPapersComeBack(RealSite site) throws Exception {
        Path kept = folder.resolve("as-it-was");
        Trees.shell(folder, "mv '" + site.papers() + "' '" + kept + "'");
        site.run("bob", "restore", "papers", "--yes").well();
        Trees.assertSame(kept, site.papers());
    }

    private static long unverified(RealSite site) throws Exception {
        return realm(site, "unverified_bytes");
    }

    private static long realm(RealSite site, String field) throws Exception {
        return site.serverStatus().well().event("server_status").number(field);
    }
}
