package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.keys.bundle.Bundle;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.server.daemon.ControlClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: each start is a JVM of its own. */
final class ServerCommandTest {
    @TempDir
    Path folder;

    private int port;

    @BeforeEach
    void configure() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        writeConfiguration("");
        DirectoryKeyStore store = new DirectoryKeyStore(folder.resolve("keys"));
        try (KeyPlan plan = new KeyGeneration(store, new SecureRandom())
                .plan(
                        List.of("attic", "alice"),
                        List.of(new RealmMembers("default", List.of("alice"), List.of("attic"))))) {
            plan.commit();
        }
        try (Bundle bundle = Bundle.of(store, "attic", List.of("attic", "alice"), List.of("default"))) {
            bundle.installInto(new DirectoryKeyStore(state().keys()));
        }
    }

    private void writeConfiguration(String more) throws IOException {
        Files.writeString(folder.resolve("holdfast.yaml"), """
                servers:
                  - {name: attic, hostname: 127.0.0.1, port: %d, listen: "127.0.0.1:%d", data: store}
                clients:
                  - {name: alice, backup: [photos], restore: [photos]}
                volumes:
                  - {name: photos, path: photos}
                """.formatted(port, port) + more);
    }

    private StateFolder state() {
        return new StateFolder(folder.resolve("state"), "attic");
    }

    private ProgramRun holdfast(String... words) {
        return new ProgramRun(folder)
                .at(InstantSource.system())
                .with("HOLDFAST_STATE", folder.resolve("state").toString())
                .with("PATH", System.getenv("PATH"))
                .run(words);
    }

    @AfterEach
    void stop() {
        holdfast("server", "stop");
    }

    @Test
    void aServerIsStartedAskedAndStopped() throws IOException {
        ProgramRun start = holdfast("server", "start");
        assertThat(start.err()).doesNotContain("error");
        assertThat(start.exitCode()).isZero();
        assertThat(start.out()).startsWith("server 'attic' listens on 127.0.0.1:" + port + " (process ");

        ProgramRun status = holdfast("server", "status");
        assertThat(status.exitCode()).isZero();
        assertThat(status.out()).contains("listens on 127.0.0.1:" + port, "none yet", "nobody is connected");

        ProgramRun again = holdfast("server", "start");
        assertThat(again.exitCode()).isEqualTo(11);
        assertThat(again.err()).contains("server 'attic' is running already (process ");

        ProgramRun reload = holdfast("server", "reload");
        assertThat(reload.exitCode()).isZero();
        assertThat(reload.out()).contains("configuration read again");

        ProgramRun stop = holdfast("server", "stop");
        assertThat(stop.exitCode()).isZero();
        assertThat(stop.out()).isEqualTo("server 'attic' stopped\n");
        assertThat(Files.readAllLines(state().serverLog()))
                .anyMatch(line -> line.contains("server 'attic' listens on"))
                .last()
                .asString()
                .endsWith("server 'attic' stopped");
    }

    @Test
    void whatDoesNotRunCanBeAskedAndStopped() {
        ProgramRun status = holdfast("server", "status");
        assertThat(status.exitCode()).isEqualTo(10);
        assertThat(status.out()).isEqualTo("server 'attic' is not running\n");

        ProgramRun stop = holdfast("server", "stop", "--json");
        assertThat(stop.exitCode()).isZero();
        assertThat(stop.out()).contains("\"was_running\":false");

        ProgramRun reload = holdfast("server", "reload");
        assertThat(reload.exitCode()).isEqualTo(10);
        assertThat(reload.err()).contains("holdfast server start");
    }

    @Test
    @Timeout(120)
    void aBrokenConfigurationIsComplainedOfOnceThoughItIsSeenAndReloaded() throws IOException {
        assertThat(holdfast("server", "start").exitCode()).isZero();
        writeConfiguration("cleints: []\n");
        while (!Files.readString(state().serverLog()).contains("cleints")) {
            Thread.onSpinWait(); // until the server has seen it by itself
        }

        assertThat(holdfast("server", "reload").exitCode()).isEqualTo(2);
        ControlClient control = new ControlClient(state().folder(), "test");
        assertThatThrownBy(control::reload).hasMessageContaining("cleints");

        assertThat(Files.readAllLines(state().serverLog()))
                .filteredOn(line -> line.contains("WARN"))
                .singleElement()
                .asString()
                .contains("the changed configuration is not used", "cleints");
        statusTellsOfTheConfiguration();
        writeConfiguration("");
        assertThat(holdfast("server", "reload").exitCode()).isZero();
        assertThat(holdfast("server", "status", "--json").out()).doesNotContain("configuration_problem");
    }

    private void statusTellsOfTheConfiguration() {
        ProgramRun status = holdfast("server", "status");
        assertThat(status.exitCode()).isZero();
        assertThat(status.out()).contains("warning: the changed configuration is not used: ", "cleints");
        assertThat(holdfast("server", "status", "--json").out()).contains("\"configuration_problem\":\"", "cleints");

        ProgramRun fleet = holdfast("status");
        assertThat(fleet.exitCode()).as(fleet.err()).isZero();
        assertThat(fleet.out()).contains("alice", "photos");
        assertThat(fleet.err()).contains("cleints");
        assertThat(holdfast("status", "--volume", "fotos").exitCode()).isEqualTo(10);
    }

    @Test
    void aConfigurationThatOthersMayChangeIsToldAtTheStartAndInTheStatus() throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        SetupSite.widenForWriting(file);
        String warning = "warning: the configuration decides who may restore what, and others may exchange " + file
                + ": others may write to " + file + ". Run `chmod go-w '" + file + "'`";

        assertThat(holdfast("server", "start").err()).contains(warning);

        assertThat(holdfast("server", "status").out()).contains(warning);
        assertThat(state().serverLog()).content().contains(warning.substring("warning: ".length()));
        SetupSite.widen(file);
        assertThat(holdfast("server", "status").out()).doesNotContain("others may");
    }

    @Test
    void aStartThatFailsSaysWhy() throws IOException {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            ProgramRun start = holdfast("server", "start");

            assertThat(taken.isBound()).isTrue();
            assertThat(start.exitCode()).isEqualTo(1);
            assertThat(start.err()).contains("cannot listen on 127.0.0.1:" + port, "ss -ltnp");
        }
    }

    @Test
    void aKilledServerStopsNobodyFromStartingTheNext() throws Exception {
        assertThat(holdfast("server", "start").exitCode()).isZero();
        long process = processOf(holdfast("server", "status", "--json").out());
        ProcessHandle handle = ProcessHandle.of(process).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().get();

        assertThat(holdfast("server", "status").exitCode()).isEqualTo(10);
        assertThat(holdfast("server", "start").exitCode()).isZero();
    }

    private static long processOf(String json) {
        String from = json.substring(json.indexOf("\"process_id\":") + 13);
        return Long.parseLong(from.substring(0, from.indexOf(',')));
    }

    @Test
    void aDryRunStartsNothing() {
        ProgramRun run = holdfast("server", "start", "--dry-run");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("server run --log-file " + state().serverLog(), "data in     " + folder.resolve("store"));
        assertThat(state().serverLog()).doesNotExist();
        assertThat(holdfast("server", "status").exitCode()).isEqualTo(10);
    }

    @Test
    void aServerWhoseConfigurationWasBrokenMeanwhileCanBeStopped() throws IOException {
        assertThat(holdfast("server", "start").exitCode()).isZero();
        writeConfiguration("nonsense: true\n");

        assertThat(holdfast("server", "reload").exitCode()).isEqualTo(2);
        assertThat(holdfast("server", "stop").out()).isEqualTo("server 'attic' stopped\n");
    }

    @Test
    void aServerWhoseDataFolderIsGoneSaysSoAndCanBeStopped() throws IOException {
        assertThat(holdfast("server", "start").exitCode()).isZero();
        Files.move(folder.resolve("store"), folder.resolve("elsewhere"));

        ProgramRun status = holdfast("server", "status");
        assertThat(status.exitCode()).isZero();
        assertThat(status.out().lines().filter(line -> line.startsWith("warning: ")))
                .singleElement()
                .asString()
                .contains("the data folder " + folder.resolve("store") + " cannot be read: it is gone");
        assertThat(holdfast("server", "stop").out()).isEqualTo("server 'attic' stopped\n");
    }

    @Test
    void theIndexIsMadeAnewOnlyWhileTheServerStands() {
        assertThat(holdfast("server", "rebuild-index").exitCode()).isEqualTo(10);
        assertThat(holdfast("server", "start").exitCode()).isZero();

        ProgramRun busy = holdfast("server", "rebuild-index");
        assertThat(busy.exitCode()).isEqualTo(11);
        assertThat(busy.err()).contains("in use by another server");

        holdfast("server", "stop");
        ProgramRun done = holdfast("server", "rebuild-index", "--json");
        assertThat(done.exitCode()).isZero();
        assertThat(done.out()).contains("\"realm\":\"default\",\"objects\":0,\"packs\":0");
    }
}
