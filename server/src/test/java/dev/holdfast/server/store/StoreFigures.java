package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.server.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Prints what the store reaches on this machine. Not a test; run its main with an empty folder as argument, or with a folder and a
 * number of objects for the figures of the index.
 */
public final class StoreFigures {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private StoreFigures() {}

    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        if (arguments.length > 1) {
            many(data, Integer.parseInt(arguments[1]));
            return;
        }
        SampleObjects objects = new SampleObjects(new SplittableRandom(1));
        for (int round = 0; round < 2; round++) {
            append(data.resolve("large" + round), objects, 1 << 20, 512);
            append(data.resolve("small" + round), objects, 4 << 10, 100_000);
        }
    }

    /** Stores very many small objects, if they are not there, then opens them with and without the files of the index. */
    private static void many(Path data, int count) throws IOException {
        if (!Files.exists(data)) {
            append(data, new SampleObjects(new SplittableRandom(1)), 64, count);
        }
        List<ObjectId> some = new ArrayList<>();
        SampleObjects again = new SampleObjects(new SplittableRandom(1));
        for (int i = 0; i < count; i++) {
            ObjectId id = again.chunk(64).id();
            if (i % (count / 200_000 + 1) == 0) {
                some.add(id);
            }
        }
        Path index = data.resolve("realms/home/index");
        for (int round = 0; round < 4; round++) {
            if (round == 1 && Files.exists(index)) {
                say("without the files of the index:");
                try (Stream<Path> files = Files.list(index)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
            }
            lookUp(data, some);
        }
        if (Files.exists(index)) {
            try (Stream<Path> files = Files.list(index)) {
                List<Path> runs = files.toList();
                long bytes = 0;
                for (Path run : runs) {
                    bytes += Files.size(run);
                }
                say("%d runs, %.1f bytes an object on disk", runs.size(), (double) bytes / count);
            }
        }
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

    private static void lookUp(Path data, List<ObjectId> some) throws IOException {
        long before = usedBytes();
        long began = System.nanoTime();
        try (Repository repository =
                Repository.open(new RealDisk(), data, CLOCK, new SplittableRandom(3), Limits.DEFAULT)) {
            RealmStore store = repository.realm("home");
            double seconds = (System.nanoTime() - began) / 1e9;
            long places = store.stats().objects();
            say(
                    "opened %,d objects in %.2f s, %.1f bytes an object in memory",
                    places, seconds, (double) (usedBytes() - before) / places);
            try (Ingest ingest = store.begin("alice")) {
                SampleObjects others = new SampleObjects(new SplittableRandom(2));
                List<ObjectId> misses = new ArrayList<>();
                for (int i = 0; i < some.size(); i++) {
                    misses.add(others.randomId());
                }
                for (int round = 0; round < 2; round++) {
                    say("known: %,.0f /s, unknown: %,.0f /s", rate(ingest, some), rate(ingest, misses));
                }
            }
        }
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
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
