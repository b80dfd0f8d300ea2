package dev.holdfast.agent.marker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnfinishedRestoreTest {
    @TempDir
    Path state;

    @TempDir
    Path volumes;

    private Path orders;

    @BeforeEach
    void makeVolume() throws IOException {
        orders = Files.createDirectories(volumes.resolve("orders"));
    }

    private static SnapshotRecord snapshot(long number) {
        SnapshotSummary summary = new SnapshotSummary(
                "alice",
                "documents",
                ObjectId.copyOf(new byte[32], 0),
                SnapshotSummary.Outcome.COMPLETE,
                false,
                new UUID(0, 1),
                Instant.EPOCH,
                1,
                1,
                1);
        return new SnapshotRecord(1, RecordHash.NONE, Instant.ofEpochSecond(number), false, new UUID(1, 2), summary);
    }

    private static Marker.Purpose purpose(long number, boolean whole) {
        return new Marker.Purpose(snapshot(number), whole, "", "");
    }

    @Test
    void theLineThatGoesOnWithItIsSaidWhereItIsKnown() {
        String line = "holdfast restore documents --source alice --snapshot 1a2b3c4d";
        Marker.open(state, orders, new Marker.Purpose(snapshot(1), true, "orders", line))
                .close();
        assertThat(UnfinishedRestore.in(state).get(0).problem().hint())
                .startsWith("Give `" + line + "` and let it end. To give it up");

        String split = line + " 'a\nb'";
        Marker.open(state, orders, new Marker.Purpose(snapshot(1), true, "orders", split))
                .close();
        assertThat(UnfinishedRestore.in(state).get(0).problem().hint())
                .as("a line that would break the marker")
                .startsWith("Give the same `holdfast restore` again and let it end.");
    }

    @Test
    void aRestoreThatBreaksOffIsUnfinishedUntilOneHasEnded() {
        Marker.open(state, orders, purpose(1, true)).close();

        assertThat(UnfinishedRestore.in(state)).singleElement().satisfies(restore -> {
            assertThat(restore.target()).isEqualTo(orders);
            assertThat(restore.snapshot()).isEqualTo(snapshot(1).hash().brief() + " of alice/documents");
            assertThat(restore.spoils(orders)).isTrue();
        });

        try (Marker again = Marker.open(state, orders, purpose(1, true))) {
            assertThat(again.replaced()).as("the same snapshot").isEmpty();
            again.remove();
        }
        assertThat(UnfinishedRestore.in(state)).isEmpty();
    }

    @Test
    void whetherItIsAtWorkIsSeenWithoutDisturbingIt() throws Exception {
        try (Marker marker = Marker.open(state, orders, new Marker.Purpose(snapshot(1), true, "orders", ""))) {
            assertThat(UnfinishedRestore.in(state)).singleElement().satisfies(restore -> {
                assertThat(restore.running()).isTrue();
                assertThat(restore.volume()).isEqualTo("orders");
                assertThat(restore.source()).isEqualTo("alice/documents");
                assertThat(restore.since()).isEqualTo(changed(restore.marker()));
            });
            assertThat(Files.readString(Path.of("/proc/locks")))
                    .as("the kernel's locks of this process, which any further look at the file would end")
                    .containsPattern("WRITE " + ProcessHandle.current().pid() + " \\S+:" + inode());
            assertThat(marker.otherBoot()).isFalse();
        }
        assertThat(UnfinishedRestore.in(state))
                .singleElement()
                .satisfies(left -> assertThat(left.running()).isFalse());
    }

    private static Instant changed(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    private Object inode() throws IOException {
        return Files.getAttribute(Marker.fileFor(state, orders), "unix:ino");
    }

    @Test
    void aRestoreOfAnotherProcessIsSeenToBeAtWork() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        state.toString(),
                        orders.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.getInputStream().read()).isEqualTo('m');
            assertThat(UnfinishedRestore.in(state))
                    .singleElement()
                    .satisfies(restore -> assertThat(restore.running()).isTrue());
            assertThatThrownBy(() -> Marker.open(state, orders, purpose(1, true)))
                    .hasMessageContaining("is at work");
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertThat(UnfinishedRestore.in(state))
                .singleElement()
                .satisfies(left -> assertThat(left.running()).isFalse());
    }

    /** Restores until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            try (Marker marker = Marker.open(Path.of(arguments[0]), Path.of(arguments[1]), purpose(1, true))) {
                System.out.write('m');
                System.out.flush();
                marker.otherBoot();
                while (System.in.read() >= 0) {
                    // Its end is not its own.
                }
            }
        }
    }

    @Test
    void aRestoreOfAnotherSnapshotKnowsWhatItTakesThePlaceOf() {
        Marker.open(state, orders, purpose(1, true)).close();

        try (Marker other = Marker.open(state, orders, purpose(2, true))) {
            assertThat(other.replaced().orElseThrow().snapshot())
                    .startsWith(snapshot(1).hash().brief());
        }
    }

    @Test
    void oneOfSomePathsSpoilsNothingAndOneBelowDoesNotSpoilWhatIsAbove() throws IOException {
        Path below = Files.createDirectories(orders.resolve("back"));
        Marker.open(state, orders, purpose(1, false)).close();
        Marker.open(state, below, purpose(2, true)).close();

        assertThat(UnfinishedRestore.touching(state, orders))
                .hasSize(2)
                .noneMatch(restore -> restore.spoils(orders))
                .anyMatch(restore -> restore.spoils(below.resolve("deeper")));
        assertThat(UnfinishedRestore.touching(state, volumes.resolve("orders2")))
                .isEmpty();
    }

    @Test
    void aLinkIsNoWayRoundIt() throws IOException {
        Path link = Files.createSymbolicLink(volumes.resolve("link"), orders);
        Marker.open(state, orders, purpose(1, true)).close();

        assertThatThrownBy(() -> UnfinishedRestore.requireWhole(state, "orders", link, told -> {}))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("volume 'orders' cannot be read as it is: the restore of snapshot ")
                .hasMessageContaining(" into " + orders + " is not finished");
        UnfinishedRestore.requireWhole(
                state,
                "all",
                volumes,
                told -> assertThat(told)
                        .startsWith("warning: the restore of snapshot ")
                        .endsWith("is not finished; the volume is read as it is"));
    }

    @Test
    void aLinkLeadsToTheSameMarkerAlsoBeforeTheTargetIsThere() throws IOException {
        Path link = Files.createSymbolicLink(volumes.resolve("link"), orders);
        try (Marker first = Marker.open(state, orders.resolve("new"), purpose(1, true))) {
            assertThatThrownBy(() -> Marker.open(state, link.resolve("new"), purpose(2, true)))
                    .hasMessageContaining("is at work");
            Files.createDirectory(orders.resolve("new"));
            assertThatThrownBy(() -> Marker.open(state, link.resolve("new"), purpose(2, true)))
                    .hasMessageContaining("is at work");
            assertThat(UnfinishedRestore.into(state, link.resolve("new"))).isPresent();
            first.remove();
        }
    }

    @Test
    void aRestoreOfSomePathsIsNoEndOfOneOfTheWhole() {
        Marker.open(state, orders, purpose(1, true)).close();

        assertThatThrownBy(() -> Marker.open(state, orders, purpose(1, false)))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("is not finished");
        assertThatThrownBy(() -> Marker.requireNoLess(state, orders, false))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("is not finished");
        Marker.requireNoLess(state, orders, true);

        assertThat(UnfinishedRestore.into(state, orders).orElseThrow().whole()).isTrue();
        try (Marker whole = Marker.open(state, orders, purpose(1, true))) {
            whole.remove();
        }
        Marker.open(state, orders, purpose(1, false)).close();
    }

    @Test
    void whatIsGoneIsNobodysTroubleAnyMore() throws IOException {
        Marker.open(state, orders, purpose(1, true)).close();
        Files.delete(orders);

        assertThat(UnfinishedRestore.in(state)).isEmpty();
        assertThat(UnfinishedRestore.in(state.resolve("none"))).isEmpty();
    }

    @Test
    void twoRunsDoNotWorkOnOneTarget() {
        try (Marker first = Marker.open(state, orders, purpose(1, true))) {
            assertThatThrownBy(() -> Marker.open(state, orders, purpose(1, true)))
                    .isInstanceOf(HoldfastException.class)
                    .hasMessageContaining("is at work");
            first.remove();
        }
    }
}
