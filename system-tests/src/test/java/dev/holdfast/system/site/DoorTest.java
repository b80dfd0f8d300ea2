package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Wrong keys, hosts that were let go, and programs that are not Holdfast, at the door of a real server. */
@Timeout(600)
final class DoorTest {
    private static final int DENIED = 12;
    private static final int NO_SUCH_THING = 10;

    @TempDir
    Path folder;

    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.open(folder);
        Trees.fill(site.documents(), 8, 8, 20);
    }

    @AfterEach
    void closeSite() throws Exception {
        site.close();
    }

    @Test
    void aHostWhoseKeyWasReplacedIsRefusedUntilItHasTheNewOne() throws Exception {
        site.run(RealSite.SERVER, "keygen", "--rotate", "alice").well();
        site.run(RealSite.SERVER, "server", "reload").well();

        Said refused = site.backUp("alice", "documents").ending(DENIED);

        assertThat(refused.everything()).contains("HF-DENIED").contains("holdfast");
        site.install("alice");
        site.backUp("alice", "documents").well();
    }

    @Test
    void aServerThatShowsAnotherHostKeyIsNotTrusted() throws Exception {
        site.run(RealSite.SERVER, "server", "stop").well();
        site.run(RealSite.SERVER, "keygen", "--rotate", RealSite.SERVER).well();
        site.install(RealSite.SERVER);
        site.startServer();

        Said refused = site.backUp("alice", "documents").ending(DENIED);

        assertThat(refused.everything()).contains("HF-HOST-KEY");
        assertThat(site.line().toServer().passed())
                .as("nothing of the volume was sent")
                .isLessThan(64 << 10);
        site.install("alice");
        site.backUp("alice", "documents").well();
    }

    @Test
    void aHostThatTheServerWasToldToForgetIsRefusedAndOthersAreNot() throws Exception {
        site.backUp("alice", "documents").well();
        letAliceGo();
        site.run(RealSite.SERVER, "server", "reload").well();

        assertThat(site.backUp("alice", "documents").ending(DENIED).everything())
                .contains("HF-DENIED");
        Trees.fill(site.volume("bob", "papers"), 1, 1, 21);
        site.backUp("bob", "papers").well();
    }

    @Test
    void aHostThatNobodyConfiguredHasNoBusinessHere() throws Exception {
        Said said = site.backUp("carol", "documents").ending(NO_SUCH_THING);

        assertThat(said.everything()).contains("HF-NOT-FOUND").contains("carol");
    }

    @Test
    void aHostMayNotReadWhatItWasNotGranted() throws Exception {
        Trees.fill(site.volume("alice", "pictures"), 1, 1, 22);
        site.backUp("alice", "pictures").well();

        Said refused = site.run(
                "bob",
                "restore",
                "pictures",
                "--source",
                "alice",
                "--to",
                folder.resolve("x").toString(),
                "--yes");

        refused.ending(DENIED);
        assertThat(refused.everything()).contains("HF-DENIED");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void garbageFromAHostWithAGoodKeyEndsThatSessionOnly() throws Exception {
        needsOpenSsh();
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(23);
        byte[] noise = new byte[1 << 20];
        random.nextBytes(noise);
        byte[] longest = new byte[1 << 16];
        java.util.Arrays.fill(longest, (byte) 0xff);
        byte[] zeros = new byte[1 << 16];
        List<byte[]> garbage = List.of(
                noise, longest, zeros, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), new byte[0]);

        for (byte[] one : garbage) {
            Path in = folder.resolve("garbage");
            try (OutputStream out = Files.newOutputStream(in)) {
                out.write(one);
            }
            Said said = ssh(in, "/usr/bin/ssh", "-p", "-s", "alice@127.0.0.1", "holdfast");
            assertThat(said.everything()).doesNotContain("Exception").doesNotContain("\tat ");
            site.assertServerIsWell();
        }
        Wait.until(
                "the server has let go of them all",
                Duration.ofSeconds(20),
                () -> !site.serverStatus().out().contains("\"host\":\"alice\",\"address\""));
        assertThat(site.serverLog()).doesNotContain("\tat ");
        site.backUp("alice", "documents").well();
        site.assertDocumentsComeBack();
    }

    @Test
    void shellsCommandsAndSftpAreTurnedAwayPolitely() throws Exception {
        needsOpenSsh();
        Path nothing = Path.of("/dev/null");
        for (Said said : List.of(
                ssh(nothing, "/usr/bin/ssh", "-p", "alice@127.0.0.1"),
                ssh(nothing, "/usr/bin/ssh", "-p", "alice@127.0.0.1", "id"),
                ssh(nothing, "/usr/bin/sftp", "-P", "alice@127.0.0.1"))) {
            assertThat(said.exitCode()).as(said.toString()).isNotZero();
            assertThat(said.everything()).contains("holdfast restore").doesNotContain("Exception");
        }
        site.assertServerIsWell();
    }

    /** The server's copy of the configuration alone: the host still believes that it belongs. */
    private void letAliceGo() throws Exception {
        String without = site.configuration()
                .lines()
                .filter(text -> !text.contains("name: alice"))
                .reduce("", (text, next) -> text + next + "\n")
                .replace(", restore: [alice/documents]", "");
        site.configureServer(without);
    }

    private static void needsOpenSsh() {
        Trees.assumeHas("OpenSSH's own client", "ssh", "sftp");
    }

    private Said ssh(Path in, String program, String portOption, String... words) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("timeout", "60", program, portOption, Integer.toString(site.port())));
        for (String option : List.of(
                "StrictHostKeyChecking=no",
                "UserKnownHostsFile=/dev/null",
                "GlobalKnownHostsFile=/dev/null",
                "BatchMode=yes",
                "IdentitiesOnly=yes",
                "IdentityAgent=none")) {
            command.addAll(List.of("-o", option));
        }
        Path key = site.keyStore().resolve("machines/alice/ssh");
        command.addAll(List.of("-F", "/dev/null", "-i", key.toString()));
        command.addAll(List.of(words));
        Said said = Running.start(folder, Map.of(), in, command).await();
        assertThat(said.exitCode()).as("ended by itself: " + said).isNotEqualTo(124);
        return said;
    }
}
