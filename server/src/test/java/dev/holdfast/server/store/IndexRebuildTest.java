package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.server.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexRebuildTest {
    private static final int CHUNKS = 20;

    @TempDir
    Path data;

    private final SplittableRandom random = new SplittableRandom(5);

    private Repository open() throws IOException {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
        return Repository.open(new RealDisk(), data, clock, random, new Limits(1 << 20, 0));
    }

    /** One closed pack and one that is still open. */
    @BeforeEach
    void store() throws IOException {
        SampleObjects objects = new SampleObjects(random);
        try (Repository repository = open();
                Ingest ingest = repository.realm("home").begin("alice")) {
            ingest.put(objects.slot());
            for (int i = 0; i < CHUNKS; i++) {
                ingest.put(objects.chunk(100_000));
            }
        }
    }

    private RebuiltIndex rebuild() throws IOException {
        try (Repository repository = open()) {
            return repository.rebuildIndexes().get(0);
        }
    }

    private Path closedPack() throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.toString().endsWith(".pack"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void flip(Path file, int fromEnd) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[fromEnd > 0 ? bytes.length - fromEnd : bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void everyObjectIsFoundWithoutAnyTable() throws IOException {
        RebuiltIndex index = rebuild();

        assertThat(index.objects()).isEqualTo(CHUNKS + 1);
        assertThat(index.packs()).isEqualTo(2);
        assertThat(index.findings()).isEmpty();
    }

    @Test
    void aDamagedFooterCostsNoObject() throws IOException {
        flip(closedPack(), 40);

        RebuiltIndex index = rebuild();

        assertThat(index.objects()).isEqualTo(CHUNKS + 1);
        assertThat(index.findings()).hasSize(1);
    }

    @Test
    void aRealmWithPacksWhoseMarksAreMissingSaysSoUntilTheNextStart() throws IOException {
        Path heads = data.resolve("realms/home/heads");
        Files.delete(heads);
        try (Repository repository = open()) {
            assertThat(repository.realm("home").findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message())
                            .contains(heads + " was missing or empty and is made anew from the logs"));
        }
        try (Repository repository = open()) {
            assertThat(repository.realm("home").findings()).isEmpty();
        }
    }

    @Test
    void aDamagedObjectIsFoundThoughTheFooterIsWhole() throws IOException {
        flip(closedPack(), 0);

        RebuiltIndex index = rebuild();

        assertThat(index.objects()).isEqualTo(CHUNKS);
        assertThat(index.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("its footer names"));
    }

    @Test
    void whatLiesBehindDamageIsCountedAsAtTheStart() throws IOException {
        Path pack = closedPack();
        flip(pack, 40);
        flip(pack, 0);

        RebuiltIndex index = rebuild();
        List<String> said = index.findings().stream().map(Problem::message).toList();

        assertThat(index.objects()).isEqualTo(CHUNKS);
        assertThat(said).anyMatch(line -> line.contains("whole objects behind it can be read"));
        try (Repository repository = open()) {
            assertThat(repository.realm("home").stats().objects()).isEqualTo(CHUNKS);
            assertThat(repository.realm("home").stats().bytes()).isEqualTo(index.bytes());
        }
        assertThat(pack).doesNotExist();
        RebuiltIndex afterwards = rebuild();
        assertThat(afterwards.objects()).isEqualTo(CHUNKS);
        assertThat(afterwards.bytes()).isEqualTo(index.bytes());
        assertThat(afterwards.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("whole objects behind it can be read"));
    }
}
