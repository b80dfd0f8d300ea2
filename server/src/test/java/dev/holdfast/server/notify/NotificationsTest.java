package dev.holdfast.server.notify;

import static dev.holdfast.server.notify.Things.NOON;
import static dev.holdfast.server.notify.Things.orderly;
import static dev.holdfast.server.notify.Things.owed;
import static dev.holdfast.server.notify.Things.sighting;
import static dev.holdfast.server.notify.Things.whole;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole of it: what is seen on one side, a real HTTP server on the other. */
@Timeout(120)
final class NotificationsTest {
    @TempDir
    Path folder;

    private final MutableClock clock = new MutableClock(NOON);
    private volatile Sighting seen = sighting(orderly(whole("a", NOON.minusSeconds(3600))));
    private HttpReceiver receiver;

    private final Observer observer = new Observer() {
        @Override
        public Sighting look(boolean thorough) {
            return seen;
        }

        @Override
        public Map<String, Runs> runsSince(Instant from) {
            return Map.of("production/orderly", new Runs(7, 1, 3 << 20));
        }
    };

    @BeforeEach
    void startReceiver() throws Exception {
        receiver = HttpReceiver.start();
    }

    @AfterEach
    void stopReceiver() {
        receiver.close();
    }

    private Notifications start(String more) {
        return Notifications.start(
                new Notifications.Setup("annex", folder, Map.of(), ZoneOffset.UTC, clock),
                Things.configuration("notify:\n  - { webhook: " + receiver.url() + "/hook" + more + " }\n"),
                observer);
    }

    @Test
    void whatIsMissedIsToldAndWhatComesAfterAll() throws Exception {
        try (Notifications notifications = start("")) {
            notifications.wake();
            settle(notifications);
            clock.advance(Duration.ofHours(16));
            seen = sighting(owed(clock.instant().minus(Duration.ofHours(2)), whole("a", NOON.minusSeconds(3600))));
            notifications.wake();
            assertThat(receiver.await().body()).contains("\"kind\":\"missed\"", "did not come");

            seen = sighting(orderly(whole("b", clock.instant())));
            notifications.wake();
            assertThat(receiver.await().body()).contains("\"kind\":\"recovered\"", "\"over\":[\"missed\"]");
        }
    }

    /** Waits until all that was asked of it before is done: a notice of its own is the last of them. */
    private void settle(Notifications notifications) throws Exception {
        notifications.failed("production", "media", new Cause("HF-FAILED", "settled", ""), clock.instant());
        assertThat(receiver.await().body()).contains("settled");
    }

    @Test
    void channelsAreToldOnlyWhatTheyAreAbout() throws Exception {
        try (Notifications notifications = start(", volumes: [media]")) {
            notifications.failed("production", "orderly", new Cause("HF-FAILED", "not for it", ""), clock.instant());
            settle(notifications);
            assertThat(receiver.isIdle()).isTrue();
        }
    }

    @Test
    void aChangedConfigurationCountsAtOnce() throws Exception {
        try (Notifications notifications = start("");
                HttpReceiver other = HttpReceiver.start()) {
            settle(notifications);
            notifications.adopt(Things.configuration("notify: [ webhook: " + other.url() + " ]\n"));
            notifications.failed("production", "orderly", new Cause("HF-FAILED", "elsewhere", ""), clock.instant());
            assertThat(other.await().body()).contains("elsewhere");
            assertThat(receiver.isIdle()).isTrue();

            notifications.adopt(Things.configuration(""));
            assertThat(notifications.warnings()).isEmpty();
        }
    }

    @Test
    void aReceiverThatHangsKeepsNobodyWaiting() throws Exception {
        receiver.hanging();
        CountDownLatch told = new CountDownLatch(1);
        try (Notifications notifications = start("")) {
            notifications.failed("production", "orderly", new Cause("HF-FAILED", "stuck", ""), clock.instant());
            assertThat(receiver.await().body()).contains("stuck");
            for (int i = 0; i < 100; i++) {
                notifications.failed("production", "media", new Cause("HF-FAILED", "more", ""), clock.instant());
            }
            told.countDown();
        }
        assertThat(told.getCount()).isZero();
    }

    @Test
    void aSummaryIsSentOnceAWeekAlsoOverRestartsAndMadeUpWithinADay() throws Exception {
        try (Notifications notifications = start(", on: [digest, failed]")) {
            settle(notifications);
        }
        clock.advance(Duration.ofDays(2)); // Monday, 12:00; it was due at eight
        try (Notifications notifications = start(", on: [digest, failed]")) {
            notifications.wake();
            HttpReceiver.Request digest = receiver.await();
            assertThat(digest.body())
                    .contains("\"kind\":\"digest\"", "weekly summary of annex")
                    .contains("production", "7 (1 partial)", "3.0 MiB", "\\n");
        }
        try (Notifications notifications = start(", on: [digest, failed]")) {
            notifications.wake();
            notifications.failed("production", "orderly", new Cause("HF-FAILED", "after", ""), clock.instant());
            assertThat(receiver.await().body()).contains("after");
        }
        clock.advance(Duration.ofDays(9)); // two days late: let go
        try (Notifications notifications = start(", on: [digest]")) {
            notifications.wake();
        }
        assertThat(receiver.isIdle() && waiting() == 0).isTrue();
    }

    @Test
    void theSummaryOfAServerThatHasJustComeBackSaysWhatIsOverdue() throws Exception {
        try (Notifications notifications = start(", on: [digest, failed]")) {
            settle(notifications);
        }
        clock.advance(Duration.ofDays(2)); // Monday, 12:00
        seen = sighting(Things.standing(
                owed(clock.instant().minus(Duration.ofHours(34)), whole("a", NOON.minusSeconds(3600))),
                new Sighting.Standing(
                        Optional.of(clock.instant().minus(Duration.ofHours(34))), Optional.empty(), false)));
        try (Notifications notifications = start(", on: [digest, missed]")) {
            notifications.wake();
            assertThat(receiver.await().body())
                    .contains("summary of annex: 1 volume in trouble", "overdue since 2026-11-22 02:00 UTC");
        }
    }

    private long waiting() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("notify"))) {
            Stream<Path> notices = files.filter(Files::isRegularFile);
            return notices.filter(file -> file.toString().contains("/webhook-")).count();
        }
    }

    @Test
    void withoutChannelsNothingIsDone() throws Exception {
        CountDownLatch looked = new CountDownLatch(1);
        Observer counting = new Observer() {
            @Override
            public Sighting look(boolean thorough) {
                looked.countDown();
                return seen;
            }

            @Override
            public Map<String, Runs> runsSince(Instant from) {
                return Map.of();
            }
        };
        try (Notifications notifications = Notifications.start(
                new Notifications.Setup("annex", folder, Map.of(), ZoneOffset.UTC, clock),
                Things.configuration(""),
                counting)) {
            notifications.wake();
            notifications.failed("production", "orderly", new Cause("HF-FAILED", "unheard", ""), clock.instant());
            notifications.adopt(Things.configuration("notify: [ webhook: " + receiver.url() + " ]\n"));
            assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(folder.resolve("notify/book.json")).exists();
        assertThat(receiver.isIdle()).isTrue();
    }
}
