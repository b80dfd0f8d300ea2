package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NotifyCommandsTest {
    private static final int NOT_FOUND = 10;
    private static final int UNREACHABLE = 13;

    @TempDir
    Path folder;

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private SetupSite site;

    @BeforeEach
    void begin() throws IOException {
        site = new SetupSite(folder);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        receiver.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void end() {
        receiver.stop(0);
    }

    private void channels(String text) throws IOException {
        Files.writeString(folder.resolve("holdfast.yaml"), text, StandardOpenOption.APPEND);
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/S3CRET";
    }

    private ProgramRun run(String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "--as";
        all[1] = "attic";
        System.arraycopy(words, 0, all, 2, words.length);
        return site.run(all);
    }

    @Test
    void eachChannelIsTriedAndItsFailureSaysWhatToDo() throws IOException {
        channels("notify:\n  - { name: chat, webhook: '" + url() + "' }\n"
                + "  - { name: gone, webhook: 'http://127.0.0.1:1/S3CRET' }\n  - { ntfy: $NOWHERE }\n");
        ProgramRun run = run("notify", "test");

        assertThat(run.exitCode()).isEqualTo(UNREACHABLE);
        assertThat(run.out())
                .contains(
                        "ok: chat (http://127.0.0.1:",
                        "failed: gone",
                        "[HF-UNREACHABLE]",
                        "  hint: Look whether it runs")
                .contains("failed: ntfy-3 ($NOWHERE): environment variable NOWHERE is not set  [HF-CONFIG]")
                .doesNotContain("S3CRET");
        assertThat(bodies)
                .singleElement()
                .satisfies(body -> assertThat(body).contains("\"kind\":\"test\"", "TEST of notifications from attic"));
    }

    @Test
    void oneChannelAloneIsTriedByNumberOrName() throws IOException {
        channels("notify:\n  - { name: gone, webhook: 'http://127.0.0.1:1/x' }\n  - { name: chat, webhook: '" + url()
                + "' }\n");
        assertThat(run("notify", "test", "--channel", "2").exitCode()).isZero();
        assertThat(run("notify", "test", "--channel", "chat").exitCode()).isZero();
        assertThat(bodies).hasSize(2);

        ProgramRun slip = run("notify", "test", "--channel", "chta");
        assertThat(slip.exitCode()).isEqualTo(NOT_FOUND);
        assertThat(slip.err()).contains("no channel 'chta'", "Did you mean 'chat'?");
    }

    @Test
    void aDryRunSendsNothing() throws IOException {
        channels("notify: [ webhook: '" + url() + "' ]\n");
        ProgramRun run = run("notify", "test", "--dry-run");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("would be told: webhook-1").doesNotContain("S3CRET");
        assertThat(bodies).isEmpty();
    }

    @Test
    void theListShowsWhatEachChannelTellsAndNoSecrets() throws IOException {
        channels("""
                notify:
                  - { webhook: 'https://hooks.example.org/S3CRET', on: [missed, failed], hosts: ['al*'] }
                  - email: { to: [a@example.org, b@example.org], host: mail, user: u, password: S3CRET }
                """);
        ProgramRun run = run("notify", "list");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("https://hooks.example.org/…", "failed, missed", "al*/*", "WAITING")
                .contains("email-2", "a@example.org, b@example.org by mail:587", "everything")
                .doesNotContain("S3CRET");
        assertThat(run("notify", "list", "--json").out())
                .contains("\"on\":[\"failed\",\"missed\"]", "\"kind\":\"webhook\"");
    }

    @Test
    void withoutChannelsItSaysHowToGetOne() {
        ProgramRun run = run("notify", "list");
        assertThat(run.exitCode()).isEqualTo(NOT_FOUND);
        assertThat(run.err()).contains("tells nobody anything", "notifications.md");
    }

    @Test
    void whatCanBeReadOnItsWayIsWarnedOf() throws IOException {
        channels("notify: [ webhook: 'http://hooks.example.org/x' ]\n");
        assertThat(run("config", "validate").err()).contains("notify channel 'webhook-1' is not encrypted");
    }
}
