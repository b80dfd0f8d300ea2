package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.server.disk.RealDisk;
import dev.holdfast.server.pack.CorruptPackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealmStoreTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));

    @TempDir
    Path data;

    private final SplittableRandom random = new SplittableRandom(7);
    private final SampleObjects objects = new SampleObjects(random);
    private Repository repository;
    private RealmStore store;

    @BeforeEach
    void open() throws IOException {
        repository = Repository.open(new RealDisk(), data, CLOCK, random, new Limits(1 << 20, 0));
        store = repository.realm("home");
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private void reopen() throws IOException {
        repository.close();
        open();
    }

    private SnapshotSummary summary(String host, ObjectId snapshot) {
        return new SnapshotSummary(
                host,
                "orderly",
                snapshot,
                SnapshotSummary.Outcome.COMPLETE,
                false,
                new UUID(1, 2),
                CLOCK.instant(),
                3,
                4,
                5);
    }

    @Test
    void whatWasPutComesBackByteForByteAlsoAfterReopening() throws IOException {
        List<SealedObject> all = new ArrayList<>(List.of(objects.slot()));
        for (int i = 0; i < 40; i++) {
            all.add(objects.chunk(random.nextInt(100_000)));
        }
        try (Ingest ingest = store.begin("alice")) {
            for (SealedObject object : all) {
                assertThat(ingest.put(object)).isTrue();
            }
            ingest.sync();
            assertThat(ingest.putBytes())
                    .isEqualTo(all.stream().mapToLong(SealedObject::length).sum());
        }
        for (int round = 0; round < 2; round++) {
            List<Location> locations = new ArrayList<>();
            for (SealedObject object : all) {
                Location location = store.locate(object.id(), "alice").orElseThrow();
                assertThat(store.read(location).toByteArray()).isEqualTo(object.toByteArray());
                locations.add(location);
            }
            List<ObjectId> seen = new ArrayList<>();
            store.readAll(locations, object -> seen.add(object.id()));
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            all.stream().map(SealedObject::id).toList());
            reopen();
        }
        assertThat(store.stats().objects()).isEqualTo(all.size());
        assertThat(store.findings()).isEmpty();
    }

    @Test
    void anObjectIsRefusedWhileItsReferencesOrItsSlotAreMissing() {
        SealedObject chunk = objects.chunk(10);
        SealedObject tree = objects.tree(chunk.id());
        try (Ingest ingest = store.begin("alice")) {
            assertRefused(() -> ingest.put(chunk), "key slot");
            ingest.put(objects.slot());
            assertRefused(() -> ingest.put(tree), chunk.id().brief(), ProblemCode.DAMAGE);
            ingest.put(chunk);
            assertThat(ingest.put(tree)).isTrue();
            assertThat(ingest.put(tree)).isFalse();
            assertRefused(() -> ingest.commit(summary("alice", tree.id())), "snapshot object");
        }
    }

    private static void assertRefused(Runnable action, String reason) {
        assertRefused(action, reason, ProblemCode.PROTOCOL);
    }

    private static void assertRefused(Runnable action, String reason, ProblemCode code) {
        assertThatThrownBy(action::run)
                .hasMessageContaining(reason)
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }

    @Test
    void whatOneHostBroughtIsOfferedToAnotherOnlyOnceVerified() throws IOException {
        SealedObject chunk = objects.chunk(10);
        try (Ingest alice = store.begin("alice")) {
            alice.put(objects.slot());
            alice.put(chunk);
        }
        try (Ingest bob = store.begin("bob")) {
            assertThat(bob.knows(chunk.id())).isFalse();
            for (RealmStore.Unverified part : store.unverified()) {
                List<ObjectId> seen = new ArrayList<>();
                store.forEachObject(part.pack(), part.from(), part.to(), object -> seen.add(object.id()));
                assertThat(seen).containsExactly(objects.slot().id(), chunk.id());
                store.markVerified(part.pack(), part.to());
            }
            assertThat(bob.knows(chunk.id())).isTrue();
            assertThat(bob.put(objects.tree(chunk.id()))).isTrue();
        }
        reopen();
        try (Ingest carol = store.begin("carol");
                Ingest alice = store.begin("alice")) {
            assertThat(carol.knows(chunk.id())).isTrue();
            SealedObject later = objects.chunk(20);
            alice.put(later);
            alice.sync();
            assertThat(carol.knows(later.id())).isFalse();
        }
    }

    @Test
    void aSessionDoesNotRelyOnWhatAnotherOfItsHostHasNotSynced() {
        SealedObject chunk = objects.chunk(10);
        try (Ingest first = store.begin("alice");
                Ingest second = store.begin("alice")) {
            first.put(objects.slot());
            first.put(chunk);
            assertThat(second.knows(chunk.id())).isFalse();
            first.sync();
            assertThat(second.knows(chunk.id())).isTrue();
        }
    }

    @Test
    void commitChainsTheRecordsOfAHost() throws IOException {
        SealedObject chunk = objects.chunk(10);
        SealedObject tree = objects.tree(chunk.id());
        SealedObject snapshot = objects.snapshot(tree.id());
        assertThat(store.hostIsEmpty("alice")).isTrue();
        SnapshotRecord first;
        SnapshotRecord second;
        try (Ingest ingest = store.begin("alice")) {
            for (SealedObject object : List.of(objects.slot(), chunk, tree, snapshot)) {
                ingest.put(object);
            }
            first = ingest.commit(summary("alice", snapshot.id()));
            second = ingest.commit(summary("alice", snapshot.id()));
        }
        assertThat(store.hostIsEmpty("alice")).isFalse();
        assertThat(store.hostIsEmpty("bob")).isTrue();
        assertThat(first.previous()).isEqualTo(RecordHash.NONE);
        assertThat(second.follows(first)).isTrue();
        assertThat(second.id()).isNotEqualTo(first.id());
        reopen();
        assertThat(store.log().head("alice")).contains(second);
        assertThat(store.log().latest("alice", "orderly")).contains(second);
        assertThat(store.log().find(first.id().substring(0, 8))).containsExactly(first);
        assertThat(store.references(store.locate(snapshot.id(), "alice").orElseThrow()))
                .containsExactly(tree.id());
    }

    @Test
    void aFlippedByteIsReportedAsDamageWithItsPlace() throws IOException {
        SealedObject chunk = objects.chunk(1000);
        try (Ingest ingest = store.begin("alice")) {
            ingest.put(objects.slot());
            ingest.put(chunk);
        }
        Location location = store.locate(chunk.id(), "alice").orElseThrow();
        Path pack = onlyPack();
        byte[] bytes = Files.readAllBytes(pack);
        bytes[location.offset() + 500] ^= 1;
        Files.write(pack, bytes);
        assertThatThrownBy(() -> store.read(location))
                .isInstanceOf(CorruptPackException.class)
                .hasMessageContaining("offset " + location.offset());
    }

    private Path onlyPack() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("realms/home/packs"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    @Test
    void twoServersCannotShareADataFolder() {
        assertThatThrownBy(() -> Repository.open(data, CLOCK, random))
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.BUSY));
    }

    @Test
    void anUnknownFormatStopsBeforeAnythingIsWritten() throws IOException {
        repository.close();
        Path file = data.resolve(Repository.FILE);
        String text = Files.readString(file);
        Files.writeString(file, text.replace("format 1", "format 2"));
        assertThatThrownBy(() -> Repository.open(data, CLOCK, random)).hasMessageContaining("does not know");
        Files.writeString(file, text + "feature parity-2\n");
        assertThatThrownBy(() -> Repository.open(data, CLOCK, random)).hasMessageContaining("does not know");
        Files.writeString(file, text);
    }

    @Test
    void aNameThatWouldLeaveItsFolderIsRefused() {
        for (String name : List.of("", "..", ".", "a/b", "../x", ".hidden", "a\u0000b", "x".repeat(256))) {
            assertThatThrownBy(() -> store.begin(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> repository.realm(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
