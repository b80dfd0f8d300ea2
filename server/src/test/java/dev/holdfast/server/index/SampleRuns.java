package dev.holdfast.server.index;

import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.pack.PackId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Writes runs whose packs are made up to fit the entries. */
final class SampleRuns {
    private SampleRuns() {}

    static Path write(Disk disk, Path path, List<IndexEntry> entries) throws IOException {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        entries.forEach(entry -> counts.merge(entry.place().pack(), 1, Integer::sum));
        List<CoveredPack> packs = new ArrayList<>();
        counts.forEach((number, count) -> packs.add(new CoveredPack(
                new PackId(7, number), Integer.MAX_VALUE, "höst" + number, 60, Integer.MAX_VALUE, count)));
        AtomicFile.write(
                disk,
                path,
                file -> new RunWriter(file, packs, List.copyOf(counts.keySet()), entries.size(), 77)
                        .write(SortedEntries.of(entries)));
        return path;
    }

    /** The number that a pack of {@link #write} had in the entries. */
    static int number(CoveredPack pack) {
        return (int) pack.id().low();
    }
}
