package dev.holdfast.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.schedule.Cron;
import dev.holdfast.core.schedule.InvalidScheduleException;
import dev.holdfast.server.session.FleetDesk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FleetTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private static final AtomicLong NUMBERS = new AtomicLong();

    @TempDir
    Path folder;

    private volatile Instant now = NOON;
    private volatile Set<String> hosts = Set.of("alice", "bob");
    private volatile Optional<Instant> lastSnapshot = Optional.empty();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Order> given = new ArrayList<>();
    private final List<UUID> cancelled = new ArrayList<>();
    private Fleet fleet;

    private final class Ear implements FleetListener {
        @Override
        public void ended(String host, RunReport report, Instant at) {
            told.add(report.result().word() + " " + host + "/" + report.volume() + " at " + at);
        }
    }

    private final class Hand implements FleetDesk.Agent {
        @Override
        public void give(Order order) {
            given.add(order);
        }

        @Override
        public void cancel(UUID order) {
            cancelled.add(order);
        }
    }

    private static final class Ordering implements FleetDesk.Customer {
        private final List<OrderProgress> progress = new ArrayList<>();
        private final List<OrderEnd> ends = new ArrayList<>();

        @Override
        public void advanced(OrderProgress far) {
            progress.add(far);
        }

        @Override
        public void ended(OrderEnd end) {
            ends.add(end);
        }
    }

    /** Alice backs up here; bob only restores. */
    private final class Hosts implements Roster {
        @Override
        public List<Expected> volumes() {
            return expected();
        }

        @Override
        public Set<String> hosts() {
            return hosts;
        }
    }

    @BeforeEach
    void open() {
        fleet = Fleet.open(folder.resolve("fleet"), new Hosts(), () -> now, new Ear());
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private void restart() {
        fleet.close();
        open();
    }

    private List<Expected> expected() {
        try {
            return List.of(new Expected(
                    "alice",
                    "photos",
                    List.of(Cron.parse("daily at 02:00")),
                    Expected.Timing.in(ZoneId.of("UTC")),
                    lastSnapshot.map(at -> new VolumeStatus.Snapshot("1a2b", at, false, false, 3, 4)),
                    Optional.empty()));
        } catch (InvalidScheduleException e) {
            throw new AssertionError(e);
        }
    }

    private VolumeStatus photos() {
        return fleet.status().get(0);
    }

    private static Announcement announcement(Duration next) {
        return new Announcement(
                false,
                "UTC",
                List.of(new Announcement.Job("photos", "daily at 02:00", Optional.empty(), List.of(next))));
    }

    private static RunReport report(RunReport.Result result, long label) {
        return new RunReport(
                "photos",
                result,
                label,
                "",
                Duration.ofMinutes(3),
                Duration.ofMinutes(1),
                RunReport.Made.NOTHING,
                result == RunReport.Result.FAILED
                        ? new RunReport.Failure("HF-UNREACHABLE", "no route", "Look at the cable.")
                        : RunReport.Failure.NONE);
    }

    @Test
    void aHostThatNobodyEverHeardOfIsJudgedByTheSchedule() {
        assertThat(photos().next()).hasValue(Instant.parse("2026-11-21T02:00:00Z"));
        assertThat(photos().agent()).isEqualTo(VolumeStatus.Agent.NEVER);
        now = Instant.parse("2026-11-21T02:14:00Z");
        assertThat(photos().overdue()).as("within the grace").isFalse();
        now = Instant.parse("2026-11-21T02:16:00Z");
        assertThat(photos().overdueSince()).hasValue(Instant.parse("2026-11-21T02:00:00Z"));
        assertThat(photos().next()).hasValue(Instant.parse("2026-11-22T02:00:00Z"));
        restart();
        assertThat(photos().overdue()).as("also after a restart").isTrue();
        lastSnapshot = Optional.of(now);
        assertThat(photos().isWell()).isTrue();
    }

    @Test
    void whatTheAgentAnnouncesCountsAndIsTakenByTheClockOfTheServer() {
        FleetDesk.Standing standing = fleet.stand("alice", new Hand());
        standing.announced(announcement(Duration.ofHours(2)));
        assertThat(photos().next()).hasValue(NOON.plus(Duration.ofHours(2)));
        assertThat(photos().agent().connected()).isTrue();
        now = NOON.plus(Duration.ofHours(1));
        standing.close();
        assertThat(photos().agent()).isEqualTo(new VolumeStatus.Agent(false, false, Optional.of(now)));
        restart();
        now = NOON.plus(Duration.ofMinutes(136));
        assertThat(photos().overdueSince()).hasValue(NOON.plus(Duration.ofHours(2)));
        lastSnapshot = Optional.of(now);
        assertThat(photos().isWell()).as("backed up by hand").isTrue();
        assertThat(photos().next()).hasValue(Instant.parse("2026-11-21T02:00:00Z"));
    }

    @Test
    void anOwedRunIsOverdueUntilThereIsASnapshotThatIsNewerUnlessItIsUnderWay() {
        lastSnapshot = Optional.of(NOON.minus(Duration.ofDays(1)));
        FleetDesk.Standing standing = fleet.stand("alice", new Hand());
        standing.announced(new Announcement(
                true,
                "Europe/London",
                List.of(new Announcement.Job(
                        "photos",
                        "daily at 02:00",
                        Optional.of(Duration.ofHours(10)),
                        List.of(Duration.ofHours(14))))));
        assertThat(photos().overdueSince()).hasValue(NOON.minus(Duration.ofHours(10)));
        assertThat(photos().agent().paused()).isTrue();
        fleet.reported("alice", report(RunReport.Result.STARTED, 1));
        assertThat(photos().overdue()).isFalse();
        assertThat(photos().running()).isPresent();
        fleet.reported("alice", report(RunReport.Result.FAILED, 1));
        assertThat(photos().overdue()).isTrue();
        assertThat(photos().failed()).isTrue();
        assertThat(photos().run().orElseThrow().failure().message()).isEqualTo("no route");
    }

    @Test
    void eachEndOfARunIsToldOnceAlsoWhenItIsReportedAgain() {
        fleet.reported("alice", report(RunReport.Result.STARTED, 7));
        fleet.reported("alice", report(RunReport.Result.FAILED, 7));
        fleet.reported("alice", report(RunReport.Result.FAILED, 7));
        restart();
        fleet.reported("alice", report(RunReport.Result.FAILED, 7));
        fleet.reported("alice", report(RunReport.Result.DONE, 8));
        fleet.reported("bob", report(RunReport.Result.DONE, 8));
        fleet.close();
        assertThat(told)
                .containsExactly(
                        "failed alice/photos at 2026-11-20T11:57:00Z", "done alice/photos at 2026-11-20T11:57:00Z");
    }

    @Test
    void aDamagedMemoryIsSetAsideAndForgotten() throws IOException {
        fleet.stand("alice", new Hand()).announced(announcement(Duration.ofHours(2)));
        fleet.close();
        byte[] good = Files.readAllBytes(folder.resolve("fleet"));
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            Files.write(folder.resolve("fleet"), bad);
            open();
            assertThat(photos().agent().since()).isEmpty();
            fleet.close();
        }
        assertThat(folder.resolve("fleet.damaged")).exists();
        open();
    }

    private static OpenRestore.Told restore(boolean running) {
        return new OpenRestore.Told(
                new OpenRestore("/srv/pictures", "pictures", "1a2b", "alice/photos", true, running, "holdfast restore"),
                Duration.ofMinutes(5));
    }

    @Test
    void aRestoreThatWasLeftIsAFaultOfItsHostUntilItIsToldOfNoMore() {
        FleetDesk.Standing standing = fleet.stand("bob", new Hand());
        standing.announced(new Announcement(false, "UTC", List.of()));
        standing.restoring(List.of(restore(true)));
        assertThat(fleet.restores()).singleElement().satisfies(one -> {
            assertThat(one.host()).isEqualTo("bob");
            assertThat(one.since()).isEqualTo(NOON.minus(Duration.ofMinutes(5)));
            assertThat(one.isWell()).as("at work").isTrue();
            assertThat(one.concerns("photos")).isTrue();
        });
        standing.restoring(List.of(restore(false)));
        assertThat(fleet.restores())
                .singleElement()
                .satisfies(one -> assertThat(one.isWell()).isFalse());
        fleet.look();
        restart();
        assertThat(fleet.restores())
                .as("of a host without backups, after a restart")
                .hasSize(1);
        standing = fleet.stand("bob", new Hand());
        standing.restoring(List.of());
        assertThat(fleet.restores()).isEmpty();
    }

    @Test
    void whatFailedForTheSakeOfARestoreLosesItsHintWhenThatHasEnded() {
        RunReport plain = report(RunReport.Result.FAILED, 9);
        RunReport failed = new RunReport(
                plain.volume(),
                plain.result(),
                plain.label(),
                plain.by(),
                plain.ago(),
                plain.took(),
                plain.made(),
                new RunReport.Failure(
                        "HF-BUSY",
                        "the restore of snapshot 1a2b of alice/photos into /srv/pictures is not finished",
                        "Give `holdfast restore` and let it end."));
        FleetDesk.Standing standing = fleet.stand("alice", new Hand());
        standing.restoring(List.of(restore(false)));
        fleet.reported("alice", failed);
        assertThat(hint()).startsWith("Give");
        restart();
        standing = fleet.stand("alice", new Hand());
        standing.restoring(List.of(restore(true)));
        assertThat(hint()).as("it is at work").startsWith("Give");
        fleet.stand("alice", new Hand()).restoring(List.of());
        assertThat(hint()).startsWith("That restore has ended since");
        fleet.reported("alice", failed);
        assertThat(hint()).as("told once more").startsWith("That restore has ended since");
        assertThat(photos().failed()).isTrue();
    }

    private String hint() {
        return photos().run().orElseThrow().failure().hint();
    }

    @Test
    void aRestoreWhoseHostFellSilentIsNotAtWorkForEver() {
        FleetDesk.Standing standing = fleet.stand("bob", new Hand());
        standing.restoring(List.of(restore(true)));
        standing.close();
        now = NOON.plus(Duration.ofMinutes(14));
        assertThat(fleet.restores().get(0).isWell()).as("it may come back").isTrue();
        assertThat(fleet.restores().get(0).lastHeard()).hasValue(NOON);
        now = NOON.plus(Duration.ofMinutes(16));
        assertThat(fleet.restores().get(0).isWell()).isFalse();
        assertThat(fleet.restores().get(0).lastHeard()).isEmpty();
        hosts = Set.of("alice");
        assertThat(fleet.restores())
                .as("of a host that is gone from the configuration")
                .isEmpty();
    }

    @Test
    void whatTheVersionBeforeRememberedIsReadOn() throws IOException {
        byte[] before = new Encoder(64)
                .u64(0x484646_4C454554L)
                .u8(2)
                .varint(1)
                .string("alice")
                .u64(NOON.toEpochMilli())
                .u8(1)
                .string("UTC")
                .varint(0)
                .varint(0)
                .varint(0)
                .toBytes();
        CRC32C sum = new CRC32C();
        sum.update(before);
        fleet.close();
        Files.write(
                folder.resolve("fleet"),
                new Encoder(64).raw(before).u64(sum.getValue()).toBytes());
        open();
        assertThat(photos().agent()).isEqualTo(new VolumeStatus.Agent(false, true, Optional.of(NOON)));
    }

    private static Order order(String host) {
        return order(Order.Kind.BACKUP, host);
    }

    private static Order order(Order.Kind kind, String host) {
        return new Order(new UUID(1, NUMBERS.incrementAndGet()), kind, "olga", host, "photos", Order.Restore.NONE);
    }

    @Test
    void aHostThatHasAsMuchToDoAsItMayIsStillAskedToStop() {
        fleet.stand("alice", new Hand());
        for (int i = 0; i < 4; i++) {
            fleet.place(order("alice"), new Ordering());
        }
        assertThatThrownBy(() -> fleet.place(order("alice"), new Ordering())).hasMessageContaining("4 orders");
        Order cancellation = order(Order.Kind.CANCEL, "alice");
        fleet.place(cancellation, new Ordering());
        assertThat(given).hasSize(5).last().isEqualTo(cancellation);
    }

    @Test
    void anOrderGoesToTheAgentOfItsHostAndItsAnswersComeBack() {
        Hand hand = new Hand();
        FleetDesk.Standing standing = fleet.stand("alice", hand);
        FleetDesk.Standing other = fleet.stand("bob", new Hand());
        Ordering customer = new Ordering();
        Order order = order("alice");
        fleet.place(order, customer);
        assertThat(given).containsExactly(order);
        other.ended(new OrderEnd(order.id(), Optional.empty(), RunReport.Made.NOTHING, "a lie"));
        other.advanced(new OrderProgress(order.id(), "lying", 1, 2, 3, 4, ""));
        assertThat(customer.ends).as("of another host").isEmpty();
        assertThat(customer.progress).isEmpty();
        standing.advanced(new OrderProgress(order.id(), "uploading", 1, 2, 3, 4, ""));
        fleet.cancel(order.id(), new Ordering());
        assertThat(cancelled).as("by somebody else").isEmpty();
        fleet.cancel(order.id(), customer);
        assertThat(cancelled).containsExactly(order.id());
        standing.ended(new OrderEnd(order.id(), Optional.empty(), RunReport.Made.NOTHING, "done"));
        standing.ended(new OrderEnd(order.id(), Optional.empty(), RunReport.Made.NOTHING, "done twice"));
        assertThat(customer.progress).hasSize(1);
        assertThat(customer.ends).singleElement().extracting(OrderEnd::text).isEqualTo("done");
    }

    @Test
    void anOrderForAHostThatIsNotThereSaysSinceWhen() {
        assertThatThrownBy(() -> fleet.place(order("alice"), new Ordering()))
                .isInstanceOfSatisfying(HoldfastException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.UNREACHABLE);
                    assertThat(e.problem().message()).contains("'alice'", "never been here");
                });
        fleet.stand("alice", new Hand()).close();
        assertThatThrownBy(() -> fleet.place(order("alice"), new Ordering()))
                .hasMessageContaining("away since 2026-11-20T12:00:00Z");
        assertThatThrownBy(() -> fleet.place(order("carol"), new Ordering()))
                .isInstanceOfSatisfying(HoldfastException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.NOT_FOUND);
                    assertThat(e.problem().message()).isEqualTo("this server knows no host 'carol'");
                    assertThat(e.problem().hint()).isEqualTo("Its hosts are alice, bob.");
                });
        assertThatThrownBy(() -> fleet.place(order("bob"), new Ordering()))
                .as("a host that only restores")
                .hasMessageContaining("'bob' is not connected");
    }

    @Test
    void whenTheAgentGoesAwayItsOrdersEndAndAHostHasOnlySoMany() {
        FleetDesk.Standing standing = fleet.stand("alice", new Hand());
        List<Ordering> customers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            customers.add(new Ordering());
            fleet.place(order("alice"), customers.get(i));
        }
        assertThatThrownBy(() -> fleet.place(order("alice"), new Ordering()))
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.BUSY));
        standing.close();
        assertThat(customers)
                .allSatisfy(one -> assertThat(one.ends)
                        .singleElement()
                        .satisfies(end ->
                                assertThat(end.problem().orElseThrow().code()).isEqualTo(ProblemCode.UNREACHABLE)));
    }
}
