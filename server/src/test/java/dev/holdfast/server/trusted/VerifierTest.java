package dev.holdfast.server.trusted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Sealer;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.realm.SessionKey;
import dev.holdfast.server.store.Ingest;
import dev.holdfast.server.store.RealmStore;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifierTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));

    @TempDir
    Path data;

    private final SecureRandom random = new SecureRandom();
    private final RealmKey key = RealmKey.generate("home", random);
    private Repository repository;
    private RealmStore store;

    /** An agent of the realm, honest or not: it has the realm key. */
    private final class Agent implements AutoCloseable {
        private final SessionKey session = key.newSession(random);
        private final Sealer sealer = new Sealer(key, session, new AtomicLong(), 1);
        private final Ingest ingest;

        Agent(String host) {
            ingest = store.begin(host);
        }

        SealedObject bring(SealedObject object) {
            ingest.put(object);
            return object;
        }

        SealedObject slot() {
            return bring(Sealer.slot(session));
        }

        SealedObject chunk(String text) {
            byte[] plain = text.getBytes(StandardCharsets.UTF_8);
            return under(idOf(text), ObjectKind.CHUNK, new byte[0], plain);
        }

        /** Seals under any id, as only a hostile agent would. */
        SealedObject under(ObjectId id, ObjectKind kind, byte[] references, byte[] plain) {
            return sealer.seal(id, kind, references, plain, 0, plain.length);
        }

        ObjectId idOf(String text) {
            byte[] plain = text.getBytes(StandardCharsets.UTF_8);
            return sealer.id(ObjectKind.CHUNK, new byte[0], plain, 0, plain.length);
        }

        SealedObject tree(SealedObject child) {
            byte[] references = child.id().toBytes();
            ObjectId id = sealer.id(ObjectKind.TREE, references, new byte[0], 0, 0);
            return under(id, ObjectKind.TREE, references, new byte[0]);
        }

        boolean knows(ObjectId id) {
            return ingest.knows(id);
        }

        @Override
        public void close() {
            ingest.close();
            sealer.close();
            session.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        repository = Repository.open(data, CLOCK, random);
        store = repository.realm("home");
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
        key.close();
    }

    private boolean isOfferedToBob(ObjectId id) {
        try (Agent bob = new Agent("bob")) {
            return bob.knows(id);
        }
    }

    private long verify() throws IOException {
        return new Verifier(store).run(key, () -> true);
    }

    @Test
    void hostsShareWhatWasVerifiedAndNothingBefore() throws IOException {
        SealedObject chunk;
        SealedObject tree;
        try (Agent alice = new Agent("alice")) {
            alice.slot();
            chunk = alice.bring(alice.chunk("the same on both hosts"));
            tree = alice.bring(alice.tree(chunk));
        }
        assertThat(isOfferedToBob(chunk.id())).isFalse();

        assertThat(verify()).isEqualTo(3);

        assertThat(isOfferedToBob(chunk.id())).isTrue();
        assertThat(isOfferedToBob(tree.id())).isTrue();
        assertThat(store.unverified()).isEmpty();
        assertThat(store.findings()).isEmpty();
        assertThat(verify()).isZero();
    }

    @Test
    void aPoisonedObjectIsNeverOffered() throws IOException {
        ObjectId wanted;
        SealedObject before;
        SealedObject after;
        try (Agent mallory = new Agent("mallory")) {
            mallory.slot();
            before = mallory.bring(mallory.chunk("true"));
            wanted = mallory.idOf("what bob is about to back up");
            byte[] other = "something else".getBytes(StandardCharsets.UTF_8);
            mallory.bring(mallory.under(wanted, ObjectKind.CHUNK, new byte[0], other));
            after = mallory.bring(mallory.chunk("true as well"));
        }

        assertThat(verify()).as("slot and first chunk").isEqualTo(2);

        assertThat(isOfferedToBob(before.id())).isTrue();
        assertThat(isOfferedToBob(wanted)).isFalse();
        assertThat(isOfferedToBob(after.id())).as("behind it in the pack").isFalse();
        assertThat(store.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("host 'mallory'", "holds the content of"));
    }

    @Test
    void nothingPassesForVerifiedInThePlaceOfSomethingVerifiedThatWasLost() throws IOException {
        try (Agent mallory = new Agent("mallory")) {
            mallory.slot();
            mallory.bring(mallory.chunk(
                    "verified, and then lost: " + random.doubles(2000).boxed().toList()));
        }
        assertThat(verify()).isEqualTo(2);
        repository.close();
        try (Stream<Path> files = Files.walk(data)) {
            Path pack = files.filter(file -> file.toString().endsWith(".open"))
                    .findFirst()
                    .orElseThrow();
            try (FileChannel cut = FileChannel.open(pack, StandardOpenOption.WRITE)) {
                cut.truncate(cut.size() - 10);
            }
        }
        open();

        ObjectId wanted;
        try (Agent mallory = new Agent("mallory")) {
            mallory.slot();
            wanted = mallory.idOf("what bob is about to back up");
            mallory.bring(mallory.under(wanted, ObjectKind.CHUNK, new byte[0], new byte[5]));
        }

        assertThat(isOfferedToBob(wanted)).isFalse();
    }

    @Test
    void aTrueTreeOverAFalseChunkIsNotOffered() throws IOException {
        SealedObject tree;
        try (Agent first = new Agent("mallory");
                Agent second = new Agent("mallory")) {
            // Two sessions at once write two packs: the tree lies in another one than its chunk.
            second.slot();
            second.ingest.sync();
            first.slot();
            ObjectId id = first.idOf("wanted");
            SealedObject chunk = first.bring(first.under(id, ObjectKind.CHUNK, new byte[0], new byte[5]));
            first.ingest.sync();
            tree = second.bring(second.tree(chunk));
        }

        verify();

        assertThat(isOfferedToBob(tree.id())).isFalse();
    }

    @Test
    void aTreeWhoseChunksAreInAPackThatComesLaterIsOfferedInTheEnd() throws IOException {
        SealedObject tree;
        try (Agent first = new Agent("alice");
                Agent second = new Agent("alice")) {
            second.slot();
            second.ingest.sync();
            first.slot();
            SealedObject chunk = first.bring(first.chunk("a chunk"));
            first.ingest.sync();
            tree = second.bring(second.tree(chunk));
        }

        assertThat(verify()).isEqualTo(4);
        assertThat(isOfferedToBob(tree.id())).isTrue();
    }

    @Test
    void aSlotWithAForeignKeyIsNotProven() throws IOException {
        SealedObject slot;
        try (RealmKey other = RealmKey.generate("home", random);
                SessionKey foreign = other.newSession(random);
                Agent mallory = new Agent("mallory")) {
            slot = mallory.bring(Sealer.slot(foreign));
        }

        assertThat(verify()).isZero();
        assertThat(isOfferedToBob(slot.id())).isFalse();
        assertThat(store.findings()).hasSize(1);
    }

    @Test
    void verificationStopsWhenABackupBeginsAndGoesOnLater() throws IOException {
        try (Agent alice = new Agent("alice")) {
            alice.slot();
            for (int i = 0; i < 10; i++) {
                alice.bring(alice.chunk("chunk " + i));
            }
        }
        AtomicLong questions = new AtomicLong();
        Verifier verifier = new Verifier(store);

        long first = verifier.run(key, () -> questions.incrementAndGet() < 7);
        long second = verifier.run(key, () -> true);

        assertThat(first).isBetween(1L, 9L);
        assertThat(first + second).isEqualTo(11);
        assertThat(store.unverified()).isEmpty();
    }
}
