package dev.holdfast.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.config.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the outbox to a real HTTP server. */
@Timeout(120)
final class CourierTest {
    private static final Pace QUICK = new Pace(Duration.ofMillis(20), Duration.ofMillis(50));
    private static final Pace NEVER = new Pace(Duration.ofHours(1), Duration.ofHours(1));

    @TempDir
    Path folder;

    private final MutableClock clock = new MutableClock(Things.NOON);
    private HttpReceiver receiver;

    @BeforeEach
    void startReceiver() throws Exception {
        receiver = HttpReceiver.start();
    }

    @AfterEach
    void stopReceiver() {
        receiver.close();
    }

    private Courier courier(String item, Pace pace) throws Exception {
        Channel channel =
                Things.configuration("notify:\n  - " + item + "\n").channels().get(0);
        Sender sender = Senders.of(channel, Map.of(), Duration.ofMillis(500));
        return Courier.start(channel, Outbox.in(folder.resolve("out")), sender, clock, pace);
    }

    private static void stop(Courier courier) {
        courier.close();
        courier.awaitEnd(Duration.ofSeconds(30));
    }

    private static Notice notice(String title) {
        return Things.notice(Notice.Kind.FAILED, title);
    }

    @Test
    void aReceiverThatFailsGetsItLaterAndInOrder() throws Exception {
        receiver.answering(500, "not now").hanging();
        try (Courier courier = courier("webhook: " + receiver.url(), QUICK)) {
            courier.post(notice("first"));
            courier.post(notice("second"));

            assertThat(receiver.await().body()).contains("first");
            assertThat(receiver.await().body()).as("after 500").contains("first");
            assertThat(receiver.await().body()).as("after no answer").contains("first");
            assertThat(receiver.await().body()).contains("second");
        }
    }

    @Test
    void whatWaitsOutlivesARestart() throws Exception {
        receiver.answering(500, "not now");
        try (Courier courier = courier("webhook: " + receiver.url(), NEVER)) {
            courier.post(notice("first"));
            assertThat(receiver.await().body()).contains("first");
            courier.post(notice("second"));
            stop(courier);
            assertThat(courier.complaint())
                    .hasValueSatisfying(text -> assertThat(text)
                            .contains(
                                    "channel 'webhook-1' takes no notices since 2026-11-21T12:00:00Z",
                                    "answered 500: not now"));
        }
        try (Courier courier = courier("webhook: " + receiver.url(), QUICK)) {
            assertThat(receiver.await().body()).contains("first");
            assertThat(receiver.await().body()).contains("second");
            assertThat(courier.complaint()).isEmpty();
        }
    }

    @Test
    void aNoticeThatIsNotWantedDoesNotHoldUpTheNext() throws Exception {
        receiver.answering(400, "no such field");
        try (Courier courier = courier("webhook: " + receiver.url(), NEVER)) {
            courier.post(notice("bad"));
            courier.post(notice("good"));
            assertThat(receiver.await().body()).contains("bad");
            assertThat(receiver.await().body()).contains("good");
        }
    }

    @Test
    void aSecretThatIsMissingIsLookedForAgain() throws Exception {
        Path address = folder.resolve("address");
        try (Courier courier = courier("webhook: 'file:" + address + "'", QUICK)) {
            courier.post(notice("patience"));
            while (courier.complaint().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(courier.complaint().get()).contains("cannot read the secret in " + address);
            Files.writeString(address, receiver.url());
            assertThat(receiver.await().body()).contains("patience");
        }
    }

    @Test
    void ofPingsAboutAVolumeOnlyTheNewestWaits() throws Exception {
        receiver.answering(500, "");
        try (Courier courier = courier("healthchecks: " + receiver.url() + "/ping", NEVER)) {
            courier.post(Things.notice(Notice.Kind.DONE, "old"));
            assertThat(receiver.await().path()).isEqualTo("/ping");
            courier.post(Things.notice(Notice.Kind.FAILED, "new"));
            stop(courier);
        }
        try (Courier courier = courier("healthchecks: " + receiver.url() + "/ping", QUICK)) {
            assertThat(receiver.await().path()).isEqualTo("/ping/fail");
            stop(courier);
            assertThat(receiver.isIdle()).isTrue();
        }
    }

    @Test
    void anOutboxIsBoundedInNumberAndAge() throws Exception {
        Outbox outbox = Outbox.in(folder.resolve("out"));
        for (int i = 0; i < Outbox.MOST + 20; i++) {
            outbox.add(notice("number " + i), false);
        }
        assertThat(outbox.waiting()).isEqualTo(Outbox.MOST);
        assertThat(outbox.first(Things.NOON).orElseThrow().notice().title()).isEqualTo("number 20");
        assertThat(outbox.first(Things.NOON.plus(Duration.ofDays(2))))
                .as("nothing is lost for days")
                .isPresent();

        assertThat(outbox.first(Things.NOON.plus(Outbox.KEPT))).isEmpty();
        assertThat(outbox.waiting()).isZero();
    }

    @Test
    void aFileThatIsNoNoticeIsDropped() throws Exception {
        Outbox outbox = Outbox.in(folder.resolve("out"));
        outbox.add(notice("whole"), false);
        Files.writeString(folder.resolve("out/000000000000-00000000.json"), "{ \"kind\": \"nonsense\" }");
        assertThat(outbox.first(Things.NOON).orElseThrow().notice()).isEqualTo(notice("whole"));
        assertThat(outbox.waiting()).isEqualTo(1);
    }

    @Test
    void itIsTriedAgainLessAndLessOften() {
        Pace pace = new Pace(Duration.ofSeconds(15), Duration.ofMinutes(15));
        assertThat(pace.after(1)).isEqualTo(Duration.ofSeconds(15));
        assertThat(pace.after(3)).isEqualTo(Duration.ofSeconds(60));
        assertThat(pace.after(1000)).isEqualTo(Duration.ofMinutes(15));
    }
}
