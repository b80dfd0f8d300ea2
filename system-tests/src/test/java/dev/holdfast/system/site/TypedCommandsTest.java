package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands typed in a shell beside a resident agent: carried out by it, and nobody could tell by what they say. */
@Timeout(600)
final class TypedCommandsTest {
    private static final int USAGE = 2;
    private static final int PARTIAL = 3;
    private static final int NOT_FOUND = 10;
    private static final int UNREACHABLE = 13;
    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;
    private static final long MIB = 1 << 20;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<String> AS_NOBODY =
            List.of("/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups");

    @TempDir
    Path folder;

    private RealSite site;
    private Running agent;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.open(folder);
        Trees.fill(site.documents(), 2, 1, 90);
        agent = site.start("alice", "schedule", "run");
        awaitAgent("alice");
    }

    @AfterEach
    void closeSite() throws Exception {
        agent.kill();
        site.close();
    }

    private void awaitAgent(String host, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("schedule", "status", "--json"));
        words.addAll(List.of(more));
        Wait.until(
                "the agent answers",
                PATIENCE,
                () -> site.run(host, words.toArray(String[]::new)).out().contains("\"running\":true"));
    }

    private int handedOver() throws Exception {
        return agent.soFar().split("carries out what was typed", -1).length - 1;
    }

    /** Without what differs between any two runs of the same command; a slow one also tells more often how far it is. */
    private static String comparable(String said) {
        return said.replaceAll("(?m)^[^\n]*: [0-9]+ %, [^\n]*\n", "")
                .replaceAll("snapshot [0-9a-f]{8}", "snapshot ID")
                .replaceAll("\"(snapshot_id|total_duration|bytes_sent)\":\"?[0-9a-f.]+", "\"$1\":N")
                .replaceAll("[0-9.]+ ?s\\b", "N s")
                .replaceAll("[0-9.]+ [KMG]?i?B/s", "RATE")
                .replaceAll("(cannot reach server 'vault' at [0-9.:]+): .*\\[HF", "$1: WHY  [HF")
                .replaceAll("[0-9.]+ [KMG]?i?B sent", "N sent");
    }

    private Said sameWithAndWithoutAgent(int handedOverMore, String... words) throws Exception {
        Said cold = withoutAgent(words);
        int before = handedOver();
        Said warm = site.run("alice", words);
        assertThat(handedOver() - before).as("handed over: %s", warm).isEqualTo(handedOverMore);
        assertSame(warm, cold);
        return warm;
    }

    private Said withoutAgent(String... words) throws Exception {
        String[] here = Arrays.copyOf(words, words.length + 1);
        here[words.length] = "--no-agent";
        return site.run("alice", here);
    }

    private static void assertSame(Said warm, Said cold) {
        assertThat(warm.exitCode()).as(warm.toString()).isEqualTo(cold.exitCode());
        assertThat(comparable(warm.out())).isEqualTo(comparable(cold.out()));
        assertThat(comparable(warm.err())).isEqualTo(comparable(cold.err()));
    }

    @Test
    void whatTheAgentCarriesOutSaysAndEndsAsACommandOfItsOwn() throws Exception {
        site.backUp("alice", "documents").well();
        assertThat(sameWithAndWithoutAgent(1, "backup", "documents").well().out())
                .contains("is safe on vault");
        assertThat(sameWithAndWithoutAgent(1, "backup", "documents", "--json", "--progress", "none")
                        .well()
                        .summary()
                        .number("files_unmodified"))
                .isPositive();
        sameWithAndWithoutAgent(1, "backup", "documents", "--quiet").well();
        sameWithAndWithoutAgent(1, "backup", "documents", "--dry-run").well();
        sameWithAndWithoutAgent(1, "backup", "dokuments").ending(NOT_FOUND);
        sameWithAndWithoutAgent(0, "backup", "--no-such-option").ending(USAGE);
        assertThat(site.run("alice", "snapshots", "backup", "-v").exitCode()).isEqualTo(NOT_FOUND);

        String[] restore = {"restore", "documents", "--to", "target", "--yes"};
        Said cold = withoutAgent(restore).well();
        Trees.assertSame(site.documents(), folder.resolve("target"));
        Trees.shell(folder, "rm -r target");
        assertSame(site.run("alice", restore).well(), cold);
        Trees.assertSame(site.documents(), folder.resolve("target"));
        sameWithAndWithoutAgent(1, "restore", "documents", "--to", "elsewhere", "--dry-run")
                .well();
        Trees.shell(folder, "touch " + site.documents() + "/stray");
        assertThat(sameWithAndWithoutAgent(1, "restore", "documents")
                        .ending(USAGE)
                        .err())
                .contains("there is no terminal to ask on");

        site.killServer();
        assertThat(sameWithAndWithoutAgent(1, "backup", "documents")
                        .ending(UNREACHABLE)
                        .err())
                .contains("HF-UNREACHABLE");
    }

    @Test
    void ctrlCAndSigtermEndTheRunInTheAgentAndTheAgentStays() throws Exception {
        Trees.fill(site.documents(), 8, 8, 91);
        site.line().toServer().holdAfter(8 * MIB);
        Running first = site.start("alice", "backup", "documents");
        site.line().toServer().awaitHold();
        first.signal("INT");
        assertThat(first.await(SOON).ending(INTERRUPTED).err())
                .contains("stopping; what was sent so far is kept")
                .contains("the backup was cancelled");
        site.line().toServer().release();

        site.line().toServer().holdAfter(8 * MIB);
        Running second = site.startBackup("alice", "documents");
        site.line().toServer().awaitHold();
        second.signal("TERM");
        assertThat(second.await(SOON).ending(TERMINATED).err())
                .contains("{\"message_type\":\"exit_error\",\"code\":143,\"problem\":\"HF-CANCELLED\",");
        site.line().toServer().release();

        assertThat(handedOver()).isEqualTo(2);
        site.backUp("alice", "documents").well();
        site.assertDocumentsComeBack();
    }

    @Test
    void aShellThatGoesAwayTakesItsRunWithIt() throws Exception {
        Trees.fill(site.documents(), 8, 8, 92);
        site.line().toServer().holdAfter(8 * MIB);
        Running shell = site.start("alice", "backup", "documents");
        site.line().toServer().awaitHold();
        shell.kill();
        Wait.until("the run ends", SOON, () -> agent.soFar().contains("what was typed has ended with 130"));
        site.line().toServer().release();
        site.backUp("alice", "documents").well();
    }

    @Test
    void anAgentThatIsKilledOrStoppedIsMissedByTheShellAndTheSameCommandGoesOn() throws Exception {
        Trees.fill(site.documents(), 8, 8, 93);
        site.line().toServer().holdAfter(8 * MIB);
        Running shell = site.start("alice", "backup", "documents");
        site.line().toServer().awaitHold();
        agent.kill();
        assertThat(shell.await(SOON).ending(UNREACHABLE).err())
                .contains("the resident agent ended while it carried this command out  [HF-UNREACHABLE]")
                .contains("Run the same command again");
        site.line().toServer().release();

        agent = site.start("alice", "schedule", "run");
        awaitAgent("alice");
        site.line().toServer().holdAfter(8 * MIB);
        shell = site.startBackup("alice", "documents");
        site.line().toServer().awaitHold();
        agent.signal("TERM");
        assertThat(shell.await(SOON).ending(UNREACHABLE).err())
                .contains("\"code\":13", "the resident agent ended while it carried this command out");
        agent.await(SOON).ending(TERMINATED);
        site.line().toServer().release();

        site.backUp("alice", "documents").well();
        site.assertDocumentsComeBack();
    }

    @Test
    void runsOfOneVolumeWaitForEachOtherAndSaySo() throws Exception {
        Trees.fill(site.documents(), 8, 8, 94);
        site.line().toServer().holdAfter(8 * MIB);
        Running inAgent = site.start("alice", "backup", "documents");
        site.line().toServer().awaitHold();
        Running second = site.start("alice", "backup", "documents", "--verbose");
        Wait.until(
                "it waits",
                SOON,
                () -> second.soFar()
                        .contains(
                                "volume 'documents' is being backed up or restored already: waiting for that to end"));
        assertThat(second.soFar()).contains("carried out without the resident agent: it is at work on something else");
        assertThat(site.backUp("alice", "pictures").everything()).doesNotContain("waiting");
        site.line().toServer().release();
        inAgent.await(PATIENCE).well();
        second.await(PATIENCE).well();
        assertThat(handedOver()).isEqualTo(1);
    }

    @Test
    void runsOfTheAgentShareAConnectionAndABrokenOneIsReplaced() throws Exception {
        site.backUp("alice", "documents").well();
        Wait.until("a connection is kept", PATIENCE, () -> agent.soFar().contains("connected to server 'vault'"));
        long before = site.line().made();
        for (int i = 0; i < 3; i++) {
            site.backUp("alice", "documents").well();
        }
        site.run("alice", "restore", "documents", "--to", "target", "--yes").well();
        assertThat(site.line().made()).isEqualTo(before);

        site.line().cut();
        site.line().heal();
        site.backUp("alice", "documents").well();
        assertThat(site.line().made()).isGreaterThan(before);
        assertThat(handedOver()).isEqualTo(6);
    }

    @Test
    void whatDiffersFromTheAgentRunsInAProcessOfItsOwn() throws Exception {
        assertLeft("it was started with another TZ", "TZ", "JST-9");
        assertLeft("it was started with another HOLDFAST_JAVA_OPTS", "HOLDFAST_JAVA_OPTS", "-Dx=y");
        Path copy = Files.copy(folder.resolve("hosts.yaml"), folder.resolve("copy.yaml"));
        assertLeft("it goes by another configuration", "HOLDFAST_PATH_OF_TEST", "", "--path", copy.toString());
        Said asBob = site.run("bob", "--state", site.state("alice").toString(), "backup", "-v");
        assertThat(asBob.everything()).doesNotContain("snapshot");
        assertThat(handedOver()).isZero();

        agent.kill();
        site.give("alice", "HOLDFAST_JAVA_OPTS", "-Dholdfast.build=20010101000000");
        agent = site.start("alice", "schedule", "run");
        awaitAgent("alice");
        site.give("alice", "HOLDFAST_JAVA_OPTS", "");
        assertLeft("it runs another build of the program", "NOTHING", "");
    }

    private void assertLeft(String reason, String variable, String value, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("backup", "documents", "--verbose"));
        words.addAll(List.of(more));
        Said said = site.startUnder(List.of("env", variable + "=" + value), "alice", words.toArray(String[]::new))
                .await()
                .well();
        assertThat(said.err()).contains("carried out without the resident agent: " + reason);
        assertThat(said.out()).contains("is safe on vault");
        assertThat(handedOver()).isZero();
    }

    @Test
    void anAgentWorksForItsOwnUserAlone() throws Exception {
        assumeTrue(Trees.isRoot(), "NOT TESTED: an agent of another user: that needs root");
        Trees.assumeHas("agents of another user", "setpriv");
        agent.kill();
        Trees.shell(
                folder,
                "chmod 755 .; cp -a '" + site.state("alice") + "' state-nobody; chown -R 65534:65534 state-nobody");
        Trees.shell(site.documents(), "chmod 755 .; echo secret > no; chmod 0600 no");
        String[] state = {"--state", folder.resolve("state-nobody").toString()};
        agent = site.startUnder(AS_NOBODY, "alice", "schedule", "run", state[0], state[1]);
        Wait.until("the agent is there", PATIENCE, () -> agent.soFar().contains("agent of host 'alice'"));

        Said nobody = site.startUnder(AS_NOBODY, "alice", "backup", "documents", state[0], state[1])
                .await()
                .ending(PARTIAL);
        assertThat(nobody.everything()).contains("could not be read");
        assertThat(handedOver()).isEqualTo(1);

        Said root = site.run("alice", "backup", "documents", "--verbose", state[0], state[1]);
        assertThat(root.err()).contains("carried out without the resident agent: it runs as another user");
        assertThat(handedOver()).isEqualTo(1);
    }
}
