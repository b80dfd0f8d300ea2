package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damage to alice's snapshot log while the server is down: what the server says of it, what the hosts say that have seen more,
 * and what still comes back. Every test begins with the same three snapshots.
 */
@Timeout(600)
final class DamagedHistoryTest {
    private static final int NO_SUCH_THING = 10;
    private static final int DAMAGE = 14;
    private static final int HEADER_BYTES = 16;

    @TempDir
    static Path folder;

    private static RealSite site;
    private static final List<String> SNAPSHOTS = new ArrayList<>();
    private static Path log;

    private byte[] whole = new byte[0];

    /** Both hosts have seen all three snapshots. */
    @BeforeAll
    static void backUpThreeTimes() throws Exception {
        site = RealSite.open(folder);
        log = site.serverData().resolve("realms/default/hosts/alice/snapshots.log");
        for (int i = 1; i <= 3; i++) {
            Trees.shell(site.documents(), "echo " + i + " > number; echo " + i + " > only-in-" + i);
            SNAPSHOTS.add(site.backUp("alice", "documents").well().summary().text("snapshot_id"));
            Trees.shell(folder, "cp -a '" + site.documents() + "' documents-" + i + "; cp -a server-data data-" + i);
        }
        Trees.shell(site.papers(), "echo of bob > note");
        site.run("bob", "snapshots", "alice").well();
        site.killServer();
        Trees.shell(folder, "mkdir seen; cp state-alice/alice/heads seen/alice; cp state-bob/bob/heads seen/bob");
    }

    @BeforeEach
    void asAfterTheThirdBackup() throws Exception {
        site.killServer();
        Trees.shell(
                folder,
                "rm -rf server-data state-vault/vault/server.log*; cp -a data-3 server-data;"
                        + " for host in alice bob; do cp seen/$host state-$host/$host/heads; done");
        whole = Files.readAllBytes(log);
    }

    @AfterAll
    static void closeSite() throws Exception {
        site.close();
    }

    /** Where the frame of each snapshot begins. */
    private List<Integer> frames() {
        List<Integer> starts = new ArrayList<>();
        for (int at = HEADER_BYTES;
                at < whole.length;
                at += 8 + ByteBuffer.wrap(whole).getInt(at)) {
            starts.add(at);
        }
        assertThat(starts).hasSize(3);
        return starts;
    }

    private byte[] flipped(int at) {
        byte[] bytes = whole.clone();
        bytes[at] ^= 4;
        return bytes;
    }

    private static Said snapshots(String host) throws Exception {
        return site.run(host, "snapshots", "alice/documents", "--json");
    }

    private static void assertComesBack(int number, String... which) throws Exception {
        site.restore(which).well();
        Trees.assertSame(folder.resolve("documents-" + number), site.papers());
    }

    private void assertAllIsWellWhenTheLogIsPutBack() throws Exception {
        site.killServer();
        Files.write(log, whole);
        site.startServer();
        assertThat(site.serverStatus().well().out()).contains("\"warnings\":[]");
        Said listed = snapshots("alice").well();
        assertThat(listed.out().lines()).hasSize(3);
        assertThat(listed.err()).isEmpty();
        assertComesBack(3);
    }

    @Test
    void aFlippedByteCostsOneSnapshotAndIsToldToEverybody() throws Exception {
        int second = frames().get(1);
        byte[] damaged = flipped(second + 60);
        Files.write(log, damaged);
        site.startServer();

        assertThat(site.serverStatus().well().out())
                .contains("snapshots.log is damaged at offset " + second + ": no record that follows")
                .contains("\"history_damaged\":true,\"snapshot_id\":\""
                        + SNAPSHOTS.get(2).substring(0, 8));
        assertThat(site.serverLog()).contains("ERROR").contains("is damaged at offset " + second);
        for (String host : List.of("alice", "bob")) {
            Said listed = snapshots(host).well();
            assertThat(listed.out().lines()).hasSize(2);
            assertThat(listed.out()).contains(SNAPSHOTS.get(0)).contains(SNAPSHOTS.get(2));
            assertThat(listed.err()).contains("HF-DAMAGE").contains("is damaged at offset " + second);
        }
        assertComesBack(3);
        assertComesBack(1, "--snapshot", SNAPSHOTS.get(0));
        assertThat(site.restore("--snapshot", SNAPSHOTS.get(1))
                        .ending(NO_SUCH_THING)
                        .err())
                .contains("is damaged at offset");
        site.backUp("bob", "papers").well();
        assertThat(site.backUp("alice", "documents").ending(DAMAGE).everything())
                .contains("HF-DAMAGE")
                .contains("is damaged at offset " + second)
                .contains("Put the file back from a copy");
        assertThat(Files.readAllBytes(log)).as("nothing was changed in it").isEqualTo(damaged);
        assertAllIsWellWhenTheLogIsPutBack();
    }

    @Test
    void aByteThatFlipsWhileTheServerRunsIsNoticedToo() throws Exception {
        site.startServer();
        Files.write(log, flipped(frames().get(1) + 60));

        Said listed = snapshots("bob").well();

        assertThat(listed.out().lines()).hasSize(2);
        assertThat(listed.err()).contains("HF-DAMAGE").contains("is damaged at offset");
        assertThat(site.serverStatus().well().out()).contains("snapshots.log is damaged");
        site.backUp("alice", "documents").ending(DAMAGE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLostEndIsDamageUntilSomebodyGivesItUp(boolean truncated) throws Exception {
        int third = frames().get(2);
        byte[] damaged = truncated ? Arrays.copyOf(whole, third + 50) : flipped(third + 60);
        Files.write(log, damaged);
        site.startServer();

        String brief = SNAPSHOTS.get(2).substring(0, 8);
        assertThat(site.serverStatus().well().out())
                .contains("snapshots.log is damaged at offset " + third + ": snapshot " + brief)
                .contains("was acknowledged");
        for (String host : List.of("alice", "bob")) {
            Said listed = snapshots(host).well();
            assertThat(listed.out().lines()).hasSize(2);
            assertThat(listed.err()).contains("HF-DAMAGE").contains("was acknowledged");
        }
        assertComesBack(2);
        assertThat(site.backUp("alice", "documents").ending(DAMAGE).err()).contains("delete the lines of 'alice'");
        assertThat(Files.readAllBytes(log)).as("nothing was changed in it").isEqualTo(damaged);

        giveUp("alice");
        Path tail = log.resolveSibling("snapshots.log." + third + ".tail");
        assertThat(Files.readAllBytes(tail)).isEqualTo(Arrays.copyOfRange(damaged, third, damaged.length));
        // Alice was the only one in it.
        assertThat(site.serverStatus().well().out())
                .contains("heads was missing or empty")
                .doesNotContain("is damaged");
        Said again = site.backUp("alice", "documents").well();
        assertThat(again.err())
                .contains("no longer has snapshot " + brief + " of alice/documents")
                .contains("rolled back");
        assertComesBack(3);
    }

    /** What the hint says for those who have no copy. */
    private void giveUp(String host) throws Exception {
        site.killServer();
        Trees.shell(site.serverData(), "sed -i '/ " + host + "$/d' realms/default/heads");
        site.startServer();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/snapshots.log"})
    void aMissingLogIsNotTakenForAHostThatNeverBackedUp(String what) throws Exception {
        Trees.shell(site.serverData(), "rm -r realms/default/hosts/alice" + what);
        site.startServer();

        assertThat(site.serverStatus().well().out()).contains("hosts/alice/snapshots.log is missing");
        assertThat(snapshots("alice").ending(NO_SUCH_THING).err())
                .contains("HF-DAMAGE")
                .contains("rolled back");
        assertThat(site.restore().ending(NO_SUCH_THING).err()).contains("rolled back");
        site.backUp("alice", "documents").ending(DAMAGE);
        Files.createDirectories(log.getParent());
        assertAllIsWellWhenTheLogIsPutBack();
    }

    @Test
    void swappedRecordsAreReadInTheirTrueOrderAndNotContinued() throws Exception {
        List<Integer> starts = frames();
        ByteBuffer swapped = ByteBuffer.allocate(whole.length);
        swapped.put(whole, 0, HEADER_BYTES);
        swapped.put(whole, starts.get(1), starts.get(2) - starts.get(1));
        swapped.put(whole, starts.get(0), starts.get(1) - starts.get(0));
        swapped.put(whole, starts.get(2), whole.length - starts.get(2));
        Files.write(log, swapped.array());
        site.startServer();

        assertThat(site.serverStatus().well().out()).contains("snapshots.log is damaged at offset " + HEADER_BYTES);
        Said listed = snapshots("alice").well();
        assertThat(listed.err()).contains("HF-DAMAGE").doesNotContain("do not follow each other");
        List<String> lines = listed.out().lines().toList();
        for (int i = 0; i < 3; i++) {
            assertThat(lines.get(i)).contains(SNAPSHOTS.get(i));
        }
        assertComesBack(1, "--snapshot", SNAPSHOTS.get(0));
        assertComesBack(3);
        site.backUp("alice", "documents").ending(DAMAGE);
        assertAllIsWellWhenTheLogIsPutBack();
    }

    @Test
    void aRepositoryThatWasPutBackFromAnOlderCopyIsToldByThoseWhoHaveSeenMore() throws Exception {
        Trees.shell(folder, "rm -rf server-data; cp -a data-2 server-data");
        site.startServer();

        assertThat(site.serverStatus().well().out()).contains("\"warnings\":[]");
        for (int i = 0; i < 2; i++) {
            assertThat(snapshots("bob").well().err())
                    .as("told again until somebody has looked into it")
                    .contains("HF-DAMAGE")
                    .contains("no longer has snapshot " + SNAPSHOTS.get(2).substring(0, 8) + " of alice/documents");
        }
        assertThat(site.restore().well().err()).contains("rolled back");
        Trees.assertSame(folder.resolve("documents-2"), site.papers());
        assertThat(site.backUp("alice", "documents").well().err()).contains("rolled back");
        for (String host : List.of("alice", "bob")) {
            Files.delete(site.state(host).resolve(host + "/heads"));
            assertThat(snapshots(host).well().err()).isEmpty();
        }
        assertComesBack(3);
    }
}
