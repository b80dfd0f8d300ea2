package dev.holdfast.agent.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ResidentAgentTest {
    private static final String HOURLY = "jobs: [{ server: attic, volume: photos, schedule: every 6 hours }]";

    @TempDir
    Path folder;

    private volatile Instant now = Instant.parse("2026-11-20T12:30:00Z");

    /** Time that passes only when the agent waits; at the end somebody stops it. */
    private final class Passing implements Waiting {
        private final Instant end;
        private final List<ResidentAgent> agents = new ArrayList<>();

        Passing(String end) {
            this.end = Instant.parse(end);
        }

        @Override
        public void atMost(Duration time) {
            now = now.plus(time);
            if (now.isAfter(end)) {
                agents.forEach(ResidentAgent::stop);
            }
        }

        @Override
        public void wake() {}
    }

    private AgentSetup setup(String schedule, Waiting waiting) throws IOException {
        return new AgentSetup(
                "alice",
                Desk.configuration(folder, schedule),
                folder.resolve("keys"),
                folder.resolve("state"),
                ZoneId.of("UTC"),
                () -> now,
                waiting,
                "holdfast test");
    }

    @Test
    void aServerThatIsAwayForADayIsTriedAgainAndAgainAndTheBackupMadeUpForWhenItIsBack() throws IOException {
        Instant back = Instant.parse("2026-11-22T00:10:00Z");
        List<Instant> failed = new ArrayList<>();
        List<Instant> done = new ArrayList<>();
        Passing day = new Passing("2026-11-22T05:00:00Z");
        JobRunner runner = (configuration, job, cancelled) -> {
            if (now.isAfter(Instant.parse("2026-11-21T00:00:00Z")) && now.isBefore(back)) {
                failed.add(now);
                throw unreachable();
            }
            done.add(now);
            return new JobRunner.Achievement("id", 1, 2, 3, 0);
        };
        try (ResidentAgent agent = ResidentAgent.open(setup(HOURLY, day), runner)) {
            day.agents.add(agent);
            agent.run();
        }
        assertThat(failed).hasSizeBetween(24, 40);
        assertThat(done)
                .hasSize(3)
                .element(2)
                .satisfies(first -> assertThat(first).isBetween(back, back.plus(Duration.ofMinutes(61))));
    }

    private static HoldfastException unreachable() {
        return Problem.of(ProblemCode.UNREACHABLE, "server 'attic' is away", "Wait.")
                .asException();
    }

    @Test
    void twoAgentsOfOneHostRefuseEachOther() throws IOException {
        AgentSetup setup = setup(HOURLY, Waiting.real());
        try (ResidentAgent first = ResidentAgent.open(setup, new Refusal())) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> ResidentAgent.open(setup, new Refusal()))
                    .isInstanceOfSatisfying(
                            HoldfastException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.BUSY));
        }
        ResidentAgent.open(setup, new Refusal()).close();
    }

    /** Goes on until it is interrupted. */
    private static JobRunner endless(CountDownLatch running) {
        return (configuration, job, cancelled) -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(ProblemCode.CANCELLED, "the backup was cancelled", "")
                        .asException();
            }
            throw unreachable();
        };
    }

    @Test
    void aRunOfTheScheduleThatIsCancelledComesAgainAtItsOrdinaryTime() throws Exception {
        Passing night = new Passing("2026-11-20T19:00:00Z");
        CountDownLatch running = new CountDownLatch(1);
        AgentSetup setup = setup(HOURLY, night);
        try (ResidentAgent agent = ResidentAgent.open(setup, endless(running))) {
            night.agents.add(agent);
            assertThat(agent.cancelScheduled("attic", "photos")).isEmpty();
            Thread thread = new Thread(agent::run);
            thread.start();
            running.await();
            assertThat(agent.cancelScheduled("attic", "films")).isEmpty();
            assertThat(agent.cancelScheduled("vault", "photos")).isEmpty();
            RunRecord run =
                    agent.cancelScheduled("attic", "photos").orElseThrow().get();
            assertThat(run.result()).isEqualTo(RunRecord.Result.CANCELLED);
            thread.join();
            assertThat(agent.cancelScheduled("attic", "photos")).isEmpty();
        }
        JobState left = ScheduleBook.read(AgentSetup.book(setup.state())).jobs().get(0);
        assertThat(left.last().orElseThrow().result()).isEqualTo(RunRecord.Result.CANCELLED);
        assertThat(left.retryAt()).isEmpty();
        assertThat(left.next()).isAfter(Instant.parse("2026-11-20T20:00:00Z"));
    }

    @Test
    void aStopInterruptsTheRunAndItIsBegunAgainByTheNextAgent() throws Exception {
        Passing night = new Passing("2026-11-20T19:00:00Z");
        CountDownLatch running = new CountDownLatch(1);
        JobRunner endless = endless(running);
        AgentSetup setup = setup(HOURLY, night);
        try (ResidentAgent agent = ResidentAgent.open(setup, endless)) {
            Thread thread = new Thread(agent::run);
            thread.start();
            running.await();
            agent.stop();
            thread.join();
        }
        JobState left = ScheduleBook.read(AgentSetup.book(setup.state())).jobs().get(0);
        assertThat(left.last().orElseThrow().result()).isEqualTo(RunRecord.Result.INTERRUPTED);
        assertThat(left.runningSince()).isEmpty();

        List<String> begun = new ArrayList<>();
        try (ResidentAgent agent = ResidentAgent.open(setup, (configuration, job, cancelled) -> {
            begun.add(job.volume() + " " + now);
            return new JobRunner.Achievement("id", 1, 2, 3, 1);
        })) {
            night.agents.add(agent);
            agent.run();
        }
        assertThat(begun).containsExactly("photos 2026-11-20T18:00:00Z");
        assertThat(ScheduleBook.read(AgentSetup.book(setup.state()))
                        .jobs()
                        .get(0)
                        .last()
                        .orElseThrow()
                        .result())
                .isEqualTo(RunRecord.Result.PARTIAL);
    }

    @Test
    void whatIsAskedThroughTheSocketIsDone() throws Exception {
        AgentSetup setup = setup(HOURLY, Waiting.real());
        AgentControl control = new AgentControl(setup.state());
        assertThat(control.who()).isEmpty();
        assertThat(control.isAlive()).isFalse();
        try (ResidentAgent agent = ResidentAgent.open(setup, new Refusal())) {
            Thread thread = new Thread(agent::run);
            thread.start();
            assertThat(control.isAlive()).isTrue();
            assertThat(control.who().orElseThrow().processId())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(control.pauseAbsent(true)).isFalse();
            assertThat(control.pause()).hasValue("paused");
            assertThat(ScheduleBook.read(AgentSetup.book(setup.state())).isPaused())
                    .isTrue();
            assertThat(control.resume()).hasValue("resumed");
            assertThat(ScheduleBook.read(AgentSetup.book(setup.state())).isPaused())
                    .isFalse();
            assertThat(control.exit()).hasValue("stopping");
            thread.join();
        }
        assertThat(control.isAlive()).isFalse();
        assertThat(control.pauseAbsent(true)).isTrue();
        assertThat(ScheduleBook.read(AgentSetup.book(setup.state())).isPaused()).isTrue();
    }

    @Test
    void aBrokenConfigurationIsNotUsedAndComplainedOf() throws Exception {
        AgentSetup setup = setup(HOURLY, Waiting.real());
        AgentControl control = new AgentControl(setup.state());
        try (ResidentAgent agent = ResidentAgent.open(setup, new Refusal())) {
            Files.writeString(setup.configuration(), "nonsense: 1\n");
            assertThatThrownBy(agent::reload).isInstanceOf(HoldfastException.class);
            assertThat(control.who().orElseThrow().complaint().orElseThrow()).contains("nonsense");
            assertThat(ScheduleBook.read(AgentSetup.book(setup.state())).jobs()).hasSize(1);

            Desk.configuration(folder, "jobs: []");
            agent.reload();
            assertThat(control.who().orElseThrow().complaint()).isEmpty();
            assertThat(ScheduleBook.read(AgentSetup.book(setup.state())).jobs()).isEmpty();
        }
    }

    @Test
    void aPortThatIsTakenAtTheStartIsToldOfAndHadByItsOwnTurnWhenItIsFree() throws Exception {
        Passing minute = new Passing("2026-11-20T12:31:00Z");
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        int port = taken.getLocalPort();
        AgentSetup setup = setup("port: " + port + ", " + HOURLY, minute);
        AgentControl control = new AgentControl(setup.state());
        try (ResidentAgent agent = ResidentAgent.open(setup, new Refusal())) {
            minute.agents.add(agent);
            assertThat(control.statusPortTrouble().orElseThrow()).contains("127.0.0.1:" + port, "in use");
            taken.close();
            agent.run();
            try (Socket monitor = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(monitor.isConnected()).isTrue();
            }
            assertThat(control.statusPortTrouble()).isEmpty();
        }
        assertThat(control.statusPortTrouble()).isEmpty();
    }

    private static Demand wish(String volume, List<RunRecord> ends) {
        return new Demand("attic", volume, "olga", Progress.NONE, ends::add);
    }

    @Test
    void whatSomebodyWantsNowRunsBetweenTheJobsOfTheScheduleAndCountsForThem() throws Exception {
        Passing night = new Passing("2026-11-20T18:10:00Z");
        List<String> begun = new ArrayList<>();
        List<RunRecord> ends = new ArrayList<>();
        AgentSetup setup = setup(HOURLY, night);
        try (ResidentAgent agent = ResidentAgent.open(setup, (configuration, task, cancelled) -> {
            begun.add(task.volume() + " " + now);
            now = now.plusSeconds(60);
            return new JobRunner.Achievement("id", 1, 2, 3, 0);
        })) {
            night.agents.add(agent);
            agent.demand(wish("photos", ends));
            agent.demand(wish("notes", ends));
            agent.run();
        }
        assertThat(begun)
                .containsExactly(
                        "photos 2026-11-20T12:30:00Z", "notes 2026-11-20T12:31:00Z", "photos 2026-11-20T18:00:00Z");
        assertThat(ends).hasSize(2).allMatch(run -> run.result() == RunRecord.Result.DONE);
        assertThat(ScheduleBook.read(AgentSetup.book(setup.state())).jobs())
                .as("a volume without a job leaves no trace")
                .hasSize(1);
    }

    private MadeSnapshot madeAt(String began) {
        RunRecord run = RunRecord.made(
                Instant.parse(began), Duration.ofSeconds(2), new JobRunner.Achievement("typed", 1, 2, 3, 0));
        return new MadeSnapshot("attic", "photos", run);
    }

    private Plan plan(AgentSetup setup) {
        return Plan.of(ConfigurationReader.read(setup.configuration()).orThrow(), setup.name(), setup.zone());
    }

    private void assertServed(AgentSetup setup) {
        JobState state =
                ScheduleBook.read(AgentSetup.book(setup.state())).jobs().get(0);
        assertThat(state.last().orElseThrow().achievement().orElseThrow().snapshot())
                .isEqualTo("typed");
        assertThat(state.lastGood()).hasValue(Instant.parse("2026-11-20T20:00:02Z"));
        assertThat(state.owedSince()).isEmpty();
        assertThat(state.retryAt()).isEmpty();
        assertThat(state.next()).isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));
    }

    /** The job of six o'clock has failed, and the agent is gone. */
    private AgentSetup afterAFailedRun() throws IOException {
        Passing evening = new Passing("2026-11-20T18:00:30Z");
        AgentSetup setup = setup(HOURLY, evening);
        try (ResidentAgent agent = ResidentAgent.open(setup, new Refusal())) {
            evening.agents.add(agent);
            agent.run();
        }
        now = Instant.parse("2026-11-20T20:01:00Z");
        ScheduleBook book = ScheduleBook.read(AgentSetup.book(setup.state()));
        assertThat(ScheduleReport.of("alice", book, Optional.of(plan(setup)), false, now)
                        .anyOverdue())
                .isTrue();
        return setup;
    }

    @Test
    void whatSomebodyHasTypedCountsForItsJobWhereNoAgentRuns() throws Exception {
        AgentSetup setup = afterAFailedRun();
        assertThat(new AgentControl(setup.state()).count(madeAt("2026-11-20T20:00:00Z"), plan(setup)))
                .isTrue();
        assertServed(setup);
        ScheduleBook book = ScheduleBook.read(AgentSetup.book(setup.state()));
        assertThat(ScheduleReport.of("alice", book, Optional.of(plan(setup)), false, now)
                        .anyOverdue())
                .isFalse();
    }

    @Test
    void whatIsTypedBeforeThereEverWasAnAgentIsThePastOfItsJobAndMakesNothingDue() throws Exception {
        AgentSetup setup = setup(HOURLY, new Passing("2026-11-20T18:00:30Z"));
        Files.createDirectories(setup.state());
        AgentControl control = new AgentControl(setup.state());
        now = Instant.parse("2026-11-20T20:01:00Z");
        assertThat(control.count(madeAt("2026-11-20T19:00:00Z"), plan(setup))).isTrue();
        assertThat(control.count(madeAt("2026-11-20T20:00:00Z"), plan(setup))).isTrue();
        assertThat(control.pauseAbsent(false)).as("another writer").isTrue();
        now = Instant.parse("2026-11-22T13:00:00Z");
        assertTypedLast(ScheduleReport.of(
                "alice", ScheduleBook.read(AgentSetup.book(setup.state())), Optional.of(plan(setup)), false, now));

        try (ResidentAgent agent = ResidentAgent.open(setup, new Refusal())) {
            assertTypedLast(agent.report());
        }
        now = Instant.parse("2026-11-23T13:00:00Z");
        try (ResidentAgent agent = ResidentAgent.open(setup, new Refusal())) {
            assertThat(agent.report().anyOverdue())
                    .as("an agent has begun it by now")
                    .isTrue();
        }
    }

    private static void assertTypedLast(ScheduleReport report) {
        assertThat(report.anyOverdue()).isFalse();
        JobState job = report.jobs().get(0).state();
        assertThat(job.last().orElseThrow().began()).isEqualTo("2026-11-20T20:00:00Z");
        assertThat(job.lastGood()).hasValue(Instant.parse("2026-11-20T20:00:02Z"));
        assertThat(job.next()).isEqualTo(Instant.parse("2026-11-22T18:00:00Z"));
    }

    @Test
    void whatSomebodyHasTypedIsToldToTheAgentWhichWritesItDownItself() throws Exception {
        AgentSetup setup = afterAFailedRun();
        AgentControl control = new AgentControl(setup.state());
        try (ResidentAgent agent = ResidentAgent.open(setup, new Refusal())) {
            assertThat(agent.report().anyOverdue()).isTrue();
            assertThat(control.count(madeAt("2026-11-20T20:00:00Z"), plan(setup)))
                    .isTrue();
            assertThat(agent.report().anyOverdue()).isFalse();
            assertThat(agent.report().jobs().get(0).state().last().orElseThrow().failure())
                    .isEmpty();
            assertServed(setup);
            RunRecord other = madeAt("2026-11-20T20:00:30Z").run();
            assertThat(control.count(new MadeSnapshot("cellar", "photos", other), plan(setup)))
                    .as("one that is no job's")
                    .isTrue();
            assertServed(setup);
        }
    }

    @Test
    void aFailureThatSomebodyAskedForLeavesTheScheduleAsItWas() throws Exception {
        Passing soon = new Passing("2026-11-20T12:40:00Z");
        List<RunRecord> ends = new ArrayList<>();
        AgentSetup setup = setup(HOURLY, soon);
        try (ResidentAgent agent = ResidentAgent.open(setup, new Refusal())) {
            soon.agents.add(agent);
            agent.demand(wish("photos", ends));
            agent.run();
            assertThat(agent.report().anyOverdue()).isFalse();
        }
        JobState left = ScheduleBook.read(AgentSetup.book(setup.state())).jobs().get(0);
        assertThat(ends).singleElement().extracting(RunRecord::result).isEqualTo(RunRecord.Result.FAILED);
        assertThat(left.retryAt()).isEmpty();
        assertThat(left.owedSince()).isEmpty();
        assertThat(left.last()).isPresent();
        assertThat(left.next()).isEqualTo(Instant.parse("2026-11-20T18:00:00Z"));
    }

    @Test
    void aWishThatIsTakenBackEndsAtOnceWhetherItWaitsOrIsUnderWay() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        List<RunRecord> first = new CopyOnWriteArrayList<>();
        List<RunRecord> second = new CopyOnWriteArrayList<>();
        JobRunner endless = (configuration, task, cancelled) -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(cancelled.getAsBoolean()).isTrue();
            throw Problem.of(ProblemCode.CANCELLED, "the backup was cancelled", "")
                    .asException();
        };
        try (ResidentAgent agent = ResidentAgent.open(setup(HOURLY, Waiting.real()), endless)) {
            Demand one = wish("photos", first);
            Demand two = wish("notes", second);
            agent.demand(one);
            agent.demand(two);
            Thread thread = new Thread(agent::run);
            thread.start();
            running.await();
            agent.cancel(two);
            assertThat(second).singleElement().satisfies(ResidentAgentTest::assertCancelled);
            assertThat(first).isEmpty();
            agent.cancel(one);
            while (first.isEmpty()) {
                Thread.onSpinWait();
            }
            assertCancelled(first.get(0));
            agent.stop();
            thread.join();
        }
    }

    private static void assertCancelled(RunRecord run) {
        assertThat(run.result()).isEqualTo(RunRecord.Result.CANCELLED);
        assertThat(run.failure().orElseThrow().code()).isEqualTo("HF-CANCELLED");
    }

    private static final class Refusal implements JobRunner {
        @Override
        public Achievement run(Configuration configuration, Task task, BooleanSupplier cancelled) {
            throw unreachable();
        }
    }

    @Test
    void aJobWaitsForItsTurnAndNobodyElseGetsOneMeanwhile() throws Exception {
        Passing day = new Passing("2026-11-20T20:00:00Z");
        Turn turn = new Turn();
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        JobRunner runner = (configuration, job, cancelled) -> {
            atWork.countDown();
            await(enough);
            throw Problem.of(ProblemCode.DENIED, "no", "").asException();
        };
        Turn.Hold hold = turn.takeIfFree().orElseThrow();
        hold.goToWork("a test");
        try (ResidentAgent agent = ResidentAgent.open(setup(HOURLY, day), runner, turn, (request, caller) -> false)) {
            day.agents.add(agent);
            Thread thread = new Thread(agent::run);
            thread.start();
            now = Instant.parse("2026-11-20T18:30:00Z");
            assertThat(turn.takeIfFree()).isEmpty();
            assertThat(atWork.getCount()).isOne();

            hold.close();
            atWork.await();
            assertThat(turn.takeIfFree()).isEmpty();
            enough.countDown();
            thread.join();
            assertThat(turn.takeIfFree()).as("after the end").isEmpty();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
