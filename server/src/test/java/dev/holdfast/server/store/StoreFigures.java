package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.server.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Prints what the store reaches on this machine. Not a test; run its main with an empty folder as argument. */
public final class StoreFigures {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private StoreFigures() {}

    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        SplittableRandom random = new SplittableRandom(1);
        SampleObjects objects = new SampleObjects(random);
        for (int round = 0; round < 2; round++) {
            append(data.resolve("large" + round), objects, 1 << 20, 512);
            append(data.resolve("small" + round), objects, 4 << 10, 100_000);
        }
        List<ObjectId> ids = append(data.resolve("many"), objects, 64, 1_000_000);
        lookUp(data.resolve("many"), ids, objects);
    }

    private static List<ObjectId> append(Path data, SampleObjects objects, int bytes, int count) throws IOException {
        List<ObjectId> ids = new ArrayList<>(count);
        long spent = 0;
        long stored = 0;
        try (Repository repository =
                        Repository.open(new RealDisk(), data, CLOCK, new SplittableRandom(2), Limits.DEFAULT);
                Ingest ingest = repository.realm("home").begin("alice")) {
            ingest.put(objects.slot());
            for (int i = 0; i < count; i++) {
                SealedObject chunk = objects.chunk(bytes);
                long began = System.nanoTime();
                ingest.put(chunk);
                spent += System.nanoTime() - began;
                stored += chunk.length();
                ids.add(chunk.id());
            }
            long began = System.nanoTime();
            ingest.sync();
            spent += System.nanoTime() - began;
        }
        say(
                "append %,d objects of %,d bytes: %.0f MB/s, %,.0f objects/s",
                count, bytes, stored * 1e3 / spent, count * 1e9 / spent);
        return ids;
    }

    private static void lookUp(Path data, List<ObjectId> ids, SampleObjects objects) throws IOException {
        for (int round = 0; round < 3; round++) {
            long began = System.nanoTime();
            try (Repository repository =
                    Repository.open(new RealDisk(), data, CLOCK, new SplittableRandom(3), Limits.DEFAULT)) {
                RealmStore store = repository.realm("home");
                say("open with %,d objects: %.2f s", ids.size(), (System.nanoTime() - began) / 1e9);
                try (Ingest ingest = store.begin("alice")) {
                    say("knows, hit: %,.0f /s", rate(ingest, ids));
                    List<ObjectId> misses = new ArrayList<>();
                    for (int i = 0; i < ids.size() / 2; i++) {
                        misses.add(objects.randomId());
                    }
                    say("knows, miss: %,.0f /s", rate(ingest, misses));
                }
            }
        }
    }

    private static double rate(Ingest ingest, List<ObjectId> ids) {
        long began = System.nanoTime();
        int known = 0;
        for (ObjectId id : ids) {
            known += ingest.knows(id) ? 1 : 0;
        }
        double rate = ids.size() * 1e9 / (System.nanoTime() - began);
        if (known != 0 && known != ids.size()) {
            throw new IllegalStateException("only some are known: " + known);
        }
        return rate;
    }

    private static void say(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
