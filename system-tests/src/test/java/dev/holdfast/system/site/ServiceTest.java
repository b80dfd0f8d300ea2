package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server and agent as systemd sees them: what they send to the socket that it would give them, read by a program of Python. */
@Timeout(600)
final class ServiceTest {
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int TERMINATED = 143;
    /** A sign of life each second. */
    private static final String THREE_SECONDS = "3000000";

    private static final String LISTENER = """
            import socket, sys, time
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            listener.bind(sys.argv[1].replace('@', '\\0', 1) if sys.argv[1].startswith('@') else sys.argv[1])
            heard = open(sys.argv[2], 'w', buffering=1)
            print('LISTENING', file=heard)
            while True:
                print(listener.recv(4096).decode().replace('\\n', ' '), file=heard)
            """;

    @TempDir
    Path folder;

    private RealSite site;
    private Path heard;
    private Optional<Running> listener = Optional.empty();

    @BeforeEach
    void openSite() throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "NOT RUN: needs " + PYTHON);
        site = RealSite.open(folder);
        site.run(RealSite.SERVER, "server", "stop").well();
        heard = folder.resolve("heard");
    }

    @AfterEach
    void closeSite() throws Exception {
        if (listener.isPresent()) {
            listener.get().kill();
        }
        site.close();
    }

    private void listenFor(String machine, String address) throws Exception {
        listener = Optional.of(
                Running.start(folder, Map.of(), List.of(PYTHON.toString(), "-c", LISTENER, address, heard.toString())));
        Wait.until("somebody listens", PATIENCE, () -> Files.exists(heard) && Files.size(heard) > 0);
        site.give(machine, "NOTIFY_SOCKET", address);
        site.give(machine, "WATCHDOG_USEC", THREE_SECONDS);
    }

    private List<String> heard() throws Exception {
        return Files.readAllLines(heard);
    }

    private long signsOfLife() throws Exception {
        return heard().stream().filter("WATCHDOG=1"::equals).count();
    }

    private void awaitMessage(String start) throws Exception {
        Wait.until("it says " + start, PATIENCE, () -> heard().stream().anyMatch(line -> line.startsWith(start)));
    }

    @Test
    void aServerSaysThatItIsReadyWhenItAcceptsConnectionsAndThenHowItStands() throws Exception {
        listenFor(RealSite.SERVER, folder.resolve("notify").toString());
        Running server = site.start(RealSite.SERVER, "server", "run");
        awaitMessage("READY=1");
        site.assertServerIsWell();
        assertThat(heard()).contains("READY=1 STATUS=listens on 127.0.0.1:" + site.port());
        Wait.until("it gives signs of life", PATIENCE, () -> signsOfLife() >= 2);

        server.signal("HUP");
        awaitMessage("RELOADING=1 MONOTONIC_USEC=");
        Wait.until("it is ready again", PATIENCE, () -> heard().contains("READY=1"));

        assertThat(heard()).noneMatch(line -> line.startsWith("STOPPING"));
        server.signal("TERM");
        server.await(PATIENCE).ending(TERMINATED);
        assertThat(heard()).contains("STOPPING=1 STATUS=stopping");
    }

    @Test
    void anAgentIsReadyWhenItCanBeAskedAndGivesNoSignOfLifeWhenItCannot() throws Exception {
        listenFor("alice", "@holdfast-test-" + ProcessHandle.current().pid());
        Running agent = site.start("alice", "schedule", "run");
        awaitMessage("READY=1");
        site.run("alice", "schedule", "status").well();
        Wait.until("it gives signs of life", PATIENCE, () -> signsOfLife() >= 2);

        Files.delete(site.state("alice").resolve("alice/agent.sock"));
        Wait.until("it notices", PATIENCE, () -> timesSaid(agent, "does not answer itself") >= 1);
        long signs = signsOfLife();
        Wait.until("it has looked again", PATIENCE, () -> timesSaid(agent, "does not answer itself") >= 3);
        assertThat(signsOfLife()).isEqualTo(signs);

        agent.signal("TERM");
        agent.await(PATIENCE).ending(TERMINATED);
        awaitMessage("STOPPING=1");
    }

    private static int timesSaid(Running process, String words) throws Exception {
        return process.soFar().split(words, -1).length - 1;
    }
}
