package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.server.disk.CrashingDisk;
import dev.holdfast.server.disk.DiskWithBadSectors;
import dev.holdfast.server.pack.CorruptPackException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the disk does not give is damage to the objects that lie there, and to nothing else. */
final class UnreadableTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
    private static final Path DATA = Path.of("/srv/holdfast");
    private static final int PACK_BYTES = 60_000;

    private final SplittableRandom random = new SplittableRandom(17);
    private final SampleObjects objects = new SampleObjects(random);
    private final List<SealedObject> stored = new ArrayList<>();
    private final DiskWithBadSectors disk = new DiskWithBadSectors(new CrashingDisk());
    private Repository repository;
    private RealmStore store;

    /** Three packs: the first two are closed, the last one still grows. */
    @BeforeEach
    void fillPacks() throws IOException {
        start();
        stored.add(objects.slot());
        IntStream.range(0, 25).forEach(i -> stored.add(objects.chunk(6000)));
        bring(stored);
        assertThat(stored.stream().map(this::packOf).distinct()).hasSize(3);
    }

    @AfterEach
    void stop() throws IOException {
        repository.close();
    }

    private void start() throws IOException {
        repository = Repository.open(disk, DATA, CLOCK, random, new Limits(PACK_BYTES, 0));
        store = repository.realm("home");
    }

    private void startAgain() throws IOException {
        repository.close();
        start();
    }

    private void bring(List<SealedObject> some) {
        try (Ingest ingest = store.begin("alice")) {
            some.forEach(ingest::put);
        }
    }

    private Location place(SealedObject object) {
        return store.locate(object.id(), "alice").orElseThrow();
    }

    private Path packOf(SealedObject object) {
        Location location = place(object);
        return store.registry().find(location.pack()).orElseThrow().path(DATA.resolve("realms/home/packs"));
    }

    private List<SealedObject> lost() throws IOException {
        List<SealedObject> lost = new ArrayList<>();
        for (SealedObject object : stored) {
            try {
                if (store.locate(object.id(), "alice").isEmpty()) {
                    lost.add(object);
                } else {
                    assertThat(store.read(place(object)).toByteArray()).isEqualTo(object.toByteArray());
                }
            } catch (CorruptPackException e) {
                assertThat(e).hasMessageContaining("Input/output error").hasMessageContaining("offset");
                lost.add(object);
            }
        }
        return lost;
    }

    private List<SealedObject> inPackOf(SealedObject object) {
        Path pack = packOf(object);
        return stored.stream().filter(other -> packOf(other).equals(pack)).toList();
    }

    private List<String> findings() {
        return store.findings().stream().map(Problem::message).toList();
    }

    @Test
    void aBadSectorCostsTheObjectItIsInAndNoneThatIsReadWithIt() throws IOException {
        SealedObject bad = stored.get(5);
        Location at = place(bad);
        disk.lose(packOf(bad), at.offset() + 4000, at.offset() + 4096);

        List<Location> all = inPackOf(bad).stream()
                .filter(object -> object != bad)
                .map(this::place)
                .toList();
        List<SealedObject> seen = new ArrayList<>();
        store.readAll(all, seen::add);
        assertThat(seen).as("across the gap").hasSameSizeAs(all);
        assertThatThrownBy(() -> store.readAll(List.of(place(stored.get(4)), at), object -> {}))
                .isInstanceOf(CorruptPackException.class);

        assertThat(lost()).containsExactly(bad);
        assertThat(findings()).singleElement().asString().startsWith("1 stored object was found damaged");
        bring(List.of(bad));
        assertThat(lost()).isEmpty();
        assertThat(findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 25})
    void aStartServesTheRestOfAPackOfWhichASectorIsBadAndSaysSo(int number) throws IOException {
        SealedObject bad = stored.get(number);
        Path pack = packOf(bad);
        Location at = place(bad);
        List<SealedObject> tail = List.of(stored.get(stored.size() - 1));
        disk.lose(pack, at.offset() + 100, at.offset() + 200);
        disk.lose(packOf(bad), at.offset() + 100, at.offset() + 200);
        startAgain();

        assertThat(lost()).containsExactly(bad);
        bring(tail);
        bring(List.of(bad));
        startAgain();
        assertThat(lost()).isEmpty();
        disk.recover();
        startAgain();
        assertThat(lost()).isEmpty();
        assertThat(disk.exists(pack)).as("it keeps its name").isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 25})
    void aStartServesAllOtherPacksWhenOneCannotBeReadAtAllAndFindsItWholeLater(int number) throws IOException {
        Path pack = packOf(stored.get(number));
        List<SealedObject> inIt = inPackOf(stored.get(number));
        long size = disk.size(pack);
        disk.lose(pack, 0, Long.MAX_VALUE);
        startAgain();

        assertThat(lost()).containsExactlyElementsOf(inIt);
        assertThat(findings())
                .isNotEmpty()
                .allMatch(finding -> finding.contains(pack.getFileName().toString()));
        assertThat(findings().toString()).contains("Input/output error");
        assertThat(disk.size(pack)).as("nothing is cut").isEqualTo(size);

        disk.recover();
        startAgain();
        assertThat(lost()).isEmpty();
        assertThat(findings()).isEmpty();
    }

    @Test
    void verifyingMeetsABadSectorAndRemembersIt() throws IOException {
        Location at = place(stored.get(5));
        disk.lose(packOf(stored.get(5)), at.offset() + 100, at.offset() + 200);
        assertThatThrownBy(() -> store.forEachObject(at.pack(), at.offset(), at.offset() + at.length(), object -> {}))
                .isInstanceOf(CorruptPackException.class);
        assertThat(findings()).hasSize(1);
    }

    @Test
    void notesThatCannotBeReadKeepNoServerFromStarting() throws IOException {
        Path realm = DATA.resolve("realms/home");
        Location at = place(stored.get(5));
        store.markVerified(at.pack(), at.offset());
        store.keepKeyring(new byte[] {1, 2, 3});
        for (String name : List.of("verified", "doubtful", "heads", "keyring")) {
            disk.lose(realm.resolve(name), 0, Long.MAX_VALUE);
        }
        startAgain();
        store.keepKeyring(new byte[] {1, 2, 3});
        assertThat(lost()).isEmpty();
    }
}
