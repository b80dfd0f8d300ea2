package dev.holdfast.server.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.core.config.Channel;
import dev.holdfast.core.problem.ProblemCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Webhooks, ntfy and healthchecks against a real HTTP server. */
@Timeout(120)
final class HttpSendersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String HOSTILE = "a\", \"kind\": \"evil\"}\r\nX-Evil: 1\u202e{{text}}";

    private HttpReceiver receiver;

    @BeforeEach
    void startReceiver() throws Exception {
        receiver = HttpReceiver.start();
    }

    @AfterEach
    void stopReceiver() {
        receiver.close();
    }

    private static Channel channel(String item) {
        return Things.configuration("notify:\n  - " + item + "\n").channels().get(0);
    }

    private static Sender sender(String item) {
        return Senders.of(channel(item), Map.of("TOKEN", "hidden", "HOOK", "not an address"), PATIENCE);
    }

    private static JsonNode json(HttpReceiver.Request request) throws Exception {
        return new ObjectMapper().readTree(request.body());
    }

    private static Undelivered refused(Sender sender) {
        return catchThrowableOfType(
                Undelivered.class, () -> sender.send(Things.notice(Notice.Kind.FAILED, "backup failed")));
    }

    @Test
    void aWebhookGetsAllFieldsAsJson() throws Exception {
        sender("webhook: { url: " + receiver.url() + "/hook, headers: { Authorization: $TOKEN } }")
                .send(Things.notice(Notice.Kind.FAILED, "backup failed"));

        HttpReceiver.Request request = receiver.await();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/hook");
        assertThat(request.headers().getFirst("Authorization")).isEqualTo("hidden");
        assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
        JsonNode body = json(request);
        assertThat(body.path("kind").asText()).isEqualTo("failed");
        assertThat(body.path("title").asText()).isEqualTo("backup failed");
        assertThat(body.path("host").asText()).isEqualTo("production");
        assertThat(body.path("problem").asText()).isEqualTo("HF-UNREACHABLE");
        assertThat(body.path("last_good").path("snapshot_id").asText()).isEqualTo("0123abcd");
        assertThat(body.path("since").asText()).isEqualTo("2026-11-21T11:00:00Z");
    }

    @Test
    void nothingThatAHostSaysChangesTheFormOfATemplate() throws Exception {
        sender("webhook: { url: " + receiver.url()
                        + "/, method: PUT, template: '{\"text\": \"*{{title}}* {{text}}\", \"user\": \"holdfast\"}' }")
                .send(Things.notice(Notice.Kind.FAILED, HOSTILE));

        HttpReceiver.Request request = receiver.await();
        assertThat(request.method()).isEqualTo("PUT");
        JsonNode body = json(request);
        assertThat(body.size()).isEqualTo(2);
        assertThat(body.path("user").asText()).isEqualTo("holdfast");
        assertThat(body.path("text").asText())
                .isEqualTo("*a\", \"kind\": \"evil\"}  X-Evil: 1 {{text}}* what happened\nand what to do");
    }

    @Test
    void ntfyGetsTopicTitleAndPriority() throws Exception {
        Sender plain = sender("ntfy: " + receiver.url() + "/backups");
        plain.send(Things.notice(Notice.Kind.MISSED, HOSTILE));
        HttpReceiver.Request request = receiver.await();
        assertThat(request.path()).isEqualTo("/");
        assertThat(json(request).path("topic").asText()).isEqualTo("backups");
        assertThat(json(request).path("title").asText())
                .startsWith("a\", \"kind\"")
                .doesNotContain("\n", "\r");
        assertThat(json(request).path("priority").asInt()).isEqualTo(4);
        assertThat(json(request).path("message").asText()).isEqualTo("what happened\nand what to do");

        plain.send(Things.notice(Notice.Kind.RECOVERED, "well again"));
        assertThat(json(receiver.await()).path("priority").asInt()).isEqualTo(3);

        sender("ntfy: { url: " + receiver.url() + ", topic: other, token: $TOKEN, priority: max }")
                .send(Things.notice(Notice.Kind.PARTIAL, "partial"));
        request = receiver.await();
        assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer hidden");
        assertThat(json(request).path("topic").asText()).isEqualTo("other");
        assertThat(json(request).path("priority").asInt()).isEqualTo(5);
    }

    @Test
    void aCheckIsPingedAfterEachRun() throws Exception {
        Sender check = sender("healthchecks: { url: '" + receiver.url() + "/ping/KEY/{host}-{volume}', start: true }");
        Map<Notice.Kind, String> paths = Map.of(
                Notice.Kind.STARTED, "/start",
                Notice.Kind.DONE, "",
                Notice.Kind.FAILED, "/fail",
                Notice.Kind.MISSED, "/fail",
                Notice.Kind.PARTIAL, "/fail",
                Notice.Kind.TEST, "/log");
        for (Map.Entry<Notice.Kind, String> one : paths.entrySet()) {
            check.send(Things.notice(one.getKey(), "title"));
            HttpReceiver.Request request = receiver.await();
            assertThat(request.path()).isEqualTo("/ping/KEY/production-orderly" + one.getValue());
            assertThat(request.body()).startsWith("title\n\nwhat happened");
        }
    }

    @Test
    void aPartialRunIsASuccessForACheckThatDoesNotAskForThem() throws Exception {
        Sender check = sender("{ healthchecks: '" + receiver.url() + "/ping?x=1', on: [failed] }");
        check.send(Things.notice(Notice.Kind.PARTIAL, "title"));
        assertThat(receiver.await().path()).isEqualTo("/ping?x=1");
        assertThat(check.takes(
                        Things.notice(Notice.Kind.MISSED, "x"),
                        channel("{ healthchecks: $X, on: [failed] }").on()))
                .isFalse();
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (HttpReceiver other = HttpReceiver.start()) {
            receiver.redirecting(other.url() + "/elsewhere");
            Undelivered refused = refused(sender("webhook: " + receiver.url() + "/S3CRET"));
            assertThat(refused.problem().message()).contains("307, a redirect").doesNotContain("S3CRET");
            assertThat(refused.isForGood()).isFalse();
            assertThat(other.isIdle()).isTrue();
        }
    }

    @Test
    void whatTheReceiverSaysIsToldShortAndCleanAndWithoutTheAddress() {
        receiver.answering(403, "no \u001b[31mtoken" + " x".repeat(1000));
        Undelivered refused = refused(sender("webhook: " + receiver.url() + "/S3CRET"));
        assertThat(refused.problem().code()).isEqualTo(ProblemCode.DENIED);
        assertThat(refused.problem().message())
                .contains("answered 403: no  [31mtoken")
                .doesNotContain("S3CRET", "\u001b")
                .hasSizeLessThan(300);

        receiver.answering(400, "bad field");
        assertThat(refused(sender("webhook: " + receiver.url())).isForGood()).isTrue();
        receiver.answering(500, "");
        assertThat(refused(sender("webhook: " + receiver.url())).isForGood()).isFalse();
    }

    @Test
    void aReceiverThatHangsIsGivenUp() {
        receiver.hanging();
        Sender sender = Senders.of(channel("webhook: " + receiver.url()), Map.of(), Duration.ofMillis(700));
        assertThat(refused(sender).problem().message()).contains("no answer within");
    }

    @Test
    void anAnswerWithoutEndIsNotRead() throws Exception {
        receiver.talkingOn();
        sender("webhook: " + receiver.url()).send(Things.notice(Notice.Kind.FAILED, "x"));
        assertThat(receiver.await().body()).contains("\"title\":\"x\"");
    }

    @Test
    void aReceiverThatIsNotThereIsSaidSo() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Undelivered refused = refused(sender("webhook: http://127.0.0.1:" + port + "/x"));
        assertThat(refused.problem().code()).isEqualTo(ProblemCode.UNREACHABLE);
        assertThat(refused.problem().message())
                .isEqualTo("http://127.0.0.1:" + port + " is not reached: connection refused");
        assertThat(refused(sender("webhook: http://nobody.invalid/x")).problem().message())
                .contains("nobody.invalid");
    }

    @Test
    void anAddressInTheEnvironmentThatIsNoneIsSaidWithoutQuotingIt() {
        Undelivered refused = refused(sender("webhook: $HOOK"));
        assertThat(refused.problem().code()).isEqualTo(ProblemCode.CONFIG);
        assertThat(refused.problem().message()).isEqualTo("the webhook is no http or https address");
    }
}
