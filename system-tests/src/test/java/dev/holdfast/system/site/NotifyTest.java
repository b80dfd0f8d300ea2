package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real server tells real receivers of a backup that does not come, and that it came after all. */
@Timeout(600)
final class NotifyTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final List<String> posted = new CopyOnWriteArrayList<>();
    private HttpServer web;
    private GreenMail smtp;
    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        web.createContext("/S3CRET", exchange -> {
            posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        web.start();
        smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.start();
        site = RealSite.openWith(folder, """
                notify:
                  - { name: chat, webhook: $HOOK_URL }
                  - email: { to: ops@example.org, host: 127.0.0.1, port: %d, tls: none }
                watch: { grace: 1s }
                """.formatted(smtp.getSmtp().getPort()));
        site.give(
                RealSite.SERVER,
                "HOOK_URL",
                "http://127.0.0.1:" + web.getAddress().getPort() + "/S3CRET");
        site.configure(site.configuration()
                .replace(
                        "backup: [documents, pictures],",
                        "backup: [documents, pictures], schedule: { jobs:"
                                + " [ { server: vault, volume: documents, schedule: daily at 02:00 } ] },"));
        Trees.fill(site.documents(), 2, 1, 75);
    }

    @AfterEach
    void closeSite() throws Exception {
        site.close();
        smtp.stop();
        web.stop(0);
    }

    private boolean isPosted(String... texts) {
        return posted.stream().anyMatch(body -> Arrays.stream(texts).allMatch(body::contains));
    }

    private List<String> subjects() throws Exception {
        List<String> subjects = new CopyOnWriteArrayList<>();
        for (MimeMessage message : smtp.getReceivedMessages()) {
            subjects.add(message.getSubject());
        }
        return subjects;
    }

    /** Two days pass without a backup. */
    private void expectSinceLongAgo() throws Exception {
        Path book = site.state(RealSite.SERVER).resolve("vault/fleet");
        Wait.until(
                "the job is known",
                PATIENCE,
                () -> Files.exists(book)
                        && Files.readString(book, StandardCharsets.ISO_8859_1).contains("daily at 02:00"));
        site.run(RealSite.SERVER, "server", "stop").well();
        FakeClock.of(site, RealSite.SERVER).shift(Duration.ofDays(2));
        site.startServer();
    }

    @Test
    void aBackupThatDidNotComeIsToldAndThatItCameAfterAll() throws Exception {
        Said list = site.run(RealSite.SERVER, "notify", "list").well();
        assertThat(list.out()).contains("chat", "$HOOK_URL", "ops@example.org by 127.0.0.1");
        Said test = site.run(RealSite.SERVER, "notify", "test").well();
        assertThat(test.out()).contains("ok: chat", "ok: email-2");
        assertThat(isPosted("\"kind\":\"test\"")).isTrue();
        assertThat(subjects()).anyMatch(subject -> subject.contains("TEST of notifications"));

        expectSinceLongAgo();
        Wait.until(
                "the webhook is told",
                PATIENCE,
                () -> isPosted("\"kind\":\"missed\"", "\"host\":\"alice\"", "\"volume\":\"documents\""));
        Wait.until(
                "the mail is there",
                PATIENCE,
                () -> subjects().contains("[holdfast vault] backup of alice/documents did not come"));

        site.backUp("alice", "documents").well();
        Wait.until("the webhook is told of the end", PATIENCE, () -> isPosted("\"kind\":\"recovered\""));
        Wait.until(
                "the mail of the end is there",
                PATIENCE,
                () -> subjects().contains("[holdfast vault] backup of alice/documents is well again"));
        assertThat(posted)
                .filteredOn(body -> body.contains("\"kind\":\"missed\""))
                .hasSize(1);
        assertThat(site.serverLog()).doesNotContain("S3CRET").contains("server 'vault' listens");
        assertThat(site.run(RealSite.SERVER, "config", "show").well().out()).doesNotContain("S3CRET");
    }

    @Test
    void aReceiverThatIsDownIsInTheStatusAndGetsItWhenItIsBack() throws Exception {
        int port = web.getAddress().getPort();
        web.stop(0);
        expectSinceLongAgo();
        Wait.until(
                "the status says so",
                PATIENCE,
                () -> site.serverStatus().well().out().contains("channel 'chat' takes no notices"));
        assertThat(site.serverLog()).containsOnlyOnce("'chat' takes no notices");
        assertThat(site.run(RealSite.SERVER, "notify", "list", "--json").well().out())
                .contains("\"name\":\"chat\"")
                .containsPattern("\"waiting\":[1-9]");
        site.killServer();

        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10);
        web.createContext("/S3CRET", exchange -> {
            posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        web.start();
        site.startServer();
        Wait.until("it is told after all", PATIENCE, () -> isPosted("\"kind\":\"missed\"", "alice"));
    }

    @Test
    void aRunThatFailsOnItsHostIsToldWithItsReason() throws Exception {
        site.run("alice", "schedule", "start").well();
        site.run("alice", "schedule", "stop", "--exit").well();
        Path schedule = site.state("alice").resolve("alice/schedule.json");
        Files.writeString(
                schedule,
                Files.readString(schedule)
                        .replaceAll("(\"(?:covered|next)\" : )\"[^\"]*\"", "$1\"2026-01-01T00:00:00Z\""));
        Files.move(site.documents(), folder.resolve("elsewhere"));
        site.run("alice", "schedule", "start").well();
        try {
            String subject = "[holdfast vault] backup of alice/documents failed";
            Wait.until("the mail is there", PATIENCE, () -> subjects().contains(subject));
            MimeMessage told = smtp.getReceivedMessages()[subjects().indexOf(subject)];
            assertThat((String) told.getContent()).contains("Reason: ", "[HF-", "What to do: ");
        } finally {
            site.run("alice", "schedule", "stop", "--exit");
        }
    }
}
