package dev.holdfast.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.server.session.LocalSnapshots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SnapshotsOnDemandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SteppingAgent agent = new SteppingAgent();
    private final SnapshotsOnDemand snapshots =
            new SnapshotsOnDemand("annex", agent, SnapshotsOnDemandTest::answerInCapitals);

    @AfterEach
    void close() {
        agent.mayGoOn.release(1000);
        snapshots.close();
    }

    /** Tells when a run begins, waits until it may go on, and makes records that are numbered in their order. */
    private static final class SteppingAgent implements LocalAgent {
        final BlockingQueue<String> begun = new ArrayBlockingQueue<>(100);
        final Semaphore mayGoOn = new Semaphore(0);
        private int made;

        @Override
        public String find(String volume) {
            return "/srv/" + volume;
        }

        @Override
        public SnapshotRecord backUp(
                String volume, Supplier<ByteLink> connect, Progress progress, BooleanSupplier cancelled) {
            progress.total(4, 400);
            progress.advanced(1, 100);
            begun.add(volume);
            try {
                mayGoOn.acquire();
            } catch (InterruptedException e) {
                throw Problem.of(ProblemCode.CANCELLED, "cancelled: " + cancelled.getAsBoolean(), "")
                        .asException();
            }
            if (volume.equals("broken")) {
                throw Problem.of(ProblemCode.IO, "the disk of volume 'broken' is broken", "")
                        .asException();
            }
            if (volume.equals("loud")) {
                return record(volume, heard(connect));
            }
            return record(volume, ++made);
        }

        private static int heard(Supplier<ByteLink> connect) {
            try (ByteLink link = connect.get()) {
                link.write("hear me".getBytes(StandardCharsets.UTF_8), 0, 7);
                byte[] answer = new byte[7];
                for (int at = 0; at < answer.length; ) {
                    at += link.read(answer, at, answer.length - at);
                }
                return new String(answer, StandardCharsets.UTF_8).equals("HEAR ME") ? 77 : 78;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        void awaitBegun(String volume) throws InterruptedException {
            assertThat(begun.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(volume);
        }
    }

    private static void answerInCapitals(ByteLink link) {
        byte[] bytes = new byte[100];
        try {
            int n = link.read(bytes, 0, bytes.length);
            while (n > 0) {
                for (int i = 0; i < n; i++) {
                    bytes[i] = (byte) Character.toUpperCase(bytes[i]);
                }
                link.write(bytes, 0, n);
                n = link.read(bytes, 0, bytes.length);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SnapshotRecord record(String volume, int number) {
        return new SnapshotRecord(
                1,
                RecordHash.NONE,
                Instant.EPOCH,
                false,
                new UUID(0, 7),
                new SnapshotSummary(
                        "annex",
                        volume,
                        ObjectId.copyOf(new byte[32], 0),
                        SnapshotSummary.Outcome.COMPLETE,
                        false,
                        new UUID(0, 8),
                        Instant.EPOCH,
                        number,
                        2,
                        3));
    }

    private static long number(LocalSnapshots.Taking taking) throws InterruptedException {
        return taking.await(PATIENCE).orElseThrow().summary().files();
    }

    @Test
    void whoAsksWhileARunIsUnderWayGetsTheNextTogetherWithAllWhoAskMeanwhile() throws InterruptedException {
        LocalSnapshots.Taking first = snapshots.take("recover");
        agent.awaitBegun("recover");
        LocalSnapshots.Taking second = snapshots.take("recover");
        LocalSnapshots.Taking third = snapshots.take("recover");
        agent.mayGoOn.release(2);

        assertThat(number(first)).isEqualTo(1);
        assertThat(number(second)).as("read after the question").isEqualTo(2);
        assertThat(number(third)).isEqualTo(2);
        agent.awaitBegun("recover");
        assertThat(agent.begun).isEmpty();
    }

    @Test
    void onlyOneRunReadsAtATime() throws InterruptedException {
        LocalSnapshots.Taking first = snapshots.take("recover");
        LocalSnapshots.Taking other = snapshots.take("scratch");
        agent.awaitBegun("recover");
        assertThat(agent.begun).isEmpty();
        agent.mayGoOn.release(2);

        assertThat(number(first)).isEqualTo(1);
        assertThat(other.await(PATIENCE).orElseThrow().volume()).isEqualTo("scratch");
    }

    @Test
    void tellsHowFarItIs() throws InterruptedException {
        LocalSnapshots.Taking taking = snapshots.take("recover");
        agent.awaitBegun("recover");

        assertThat(taking.await(Duration.ofMillis(1))).isEmpty();
        assertThat(taking.progress()).isEqualTo(new LocalSnapshots.Progress(1, 100, 4, 400));
    }

    @Test
    void aFailedRunIsToldAndTheNextIsANewOne() throws InterruptedException {
        agent.mayGoOn.release(2);
        LocalSnapshots.Taking taking = snapshots.take("broken");

        assertThatThrownBy(() -> taking.await(PATIENCE))
                .hasMessage("on server 'annex': the disk of volume 'broken' is broken");
        assertThat(number(snapshots.take("recover"))).isEqualTo(1);
    }

    @Test
    void theAgentTalksToTheServerInsideTheProcess() throws InterruptedException {
        agent.mayGoOn.release();

        assertThat(number(snapshots.take("loud"))).isEqualTo(77);
    }

    @Test
    void aServerThatStopsEndsTheRunAndThoseWaiting() throws InterruptedException {
        LocalSnapshots.Taking running = snapshots.take("recover");
        agent.awaitBegun("recover");
        LocalSnapshots.Taking waiting = snapshots.take("recover");
        CountDownLatch closed = new CountDownLatch(1);
        new Thread(() -> {
                    snapshots.close();
                    closed.countDown();
                })
                .start();

        assertThat(closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        for (LocalSnapshots.Taking taking : new LocalSnapshots.Taking[] {running, waiting}) {
            assertThatThrownBy(() -> taking.await(PATIENCE))
                    .isInstanceOfSatisfying(
                            HoldfastException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.BUSY));
        }
        assertThatThrownBy(() -> snapshots.take("recover")).hasMessageContaining("the server is stopping");
    }

    @Test
    void whatIsStillBeingCountedIsNoTotal() {
        Run run = new Run();
        run.total(4, 400);
        assertThat(run.progress()).isEqualTo(new LocalSnapshots.Progress(0, 0, 4, 400));

        run.atLeast(5, 500);
        run.advanced(1, 100);

        assertThat(run.progress()).isEqualTo(new LocalSnapshots.Progress(1, 100, 0, 0));
    }
}
