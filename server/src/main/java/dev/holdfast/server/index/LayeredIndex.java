package dev.holdfast.server.index;

import dev.holdfast.core.object.ObjectId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Recent entries in memory, the others in runs. To move entries into a run: {@link #freeze} gives all that are in memory, which
 * stay to be found while a run is made of some of them; {@link #thaw} then puts the run, and what was left over, in their place.
 */
public final class LayeredIndex implements ObjectIndex, Closeable {
    private final LongSupplier seeds;
    private volatile Layers layers;

    /** What is searched; a reader keeps to one of these, so nothing disappears between two of its steps. */
    private static final class Layers {
        private final MemoryIndex recent;
        private final MemoryIndex frozen;
        private final List<Run> runs;

        Layers(MemoryIndex recent, MemoryIndex frozen, List<Run> runs) {
            this.recent = recent;
            this.frozen = frozen;
            this.runs = List.copyOf(runs);
        }
    }

    /** {@code seeds} should be random and secret. */
    public LayeredIndex(LongSupplier seeds) {
        this.seeds = seeds;
        this.layers = new Layers(empty(), empty(), List.of());
    }

    private MemoryIndex empty() {
        return new MemoryIndex(seeds.getAsLong());
    }

    @Override
    public synchronized void add(ObjectId id, Place place) {
        layers.recent.add(id, place);
    }

    @Override
    public List<Place> find(ObjectId id) throws IOException {
        while (true) {
            Layers now = layers;
            try {
                List<Place> places = now.recent.find(id);
                for (Place place : now.frozen.find(id)) {
                    places = MemoryIndex.with(places, place);
                }
                for (Run run : now.runs) {
                    for (Place place : run.find(id)) {
                        places = MemoryIndex.with(places, place);
                    }
                }
                return places;
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                if (layers == now) {
                    throw e;
                }
                // a run that was searched has been replaced meanwhile
            }
        }
    }

    @Override
    public long size() {
        Layers now = layers;
        return now.recent.size()
                + now.frozen.size()
                + now.runs.stream().mapToLong(Run::size).sum();
    }

    public List<Run> runs() {
        return layers.runs;
    }

    /** Everything that is in memory; to be followed by {@link #thaw}. */
    public synchronized List<IndexEntry> freeze() {
        if (layers.frozen.size() > 0) {
            throw new IllegalStateException("entries are frozen already");
        }
        MemoryIndex frozen = layers.recent;
        layers = new Layers(empty(), frozen, layers.runs);
        List<IndexEntry> entries = new ArrayList<>(Math.toIntExact(frozen.size()));
        frozen.forEach((id, place) -> entries.add(new IndexEntry(id, place)));
        return entries;
    }

    /** Puts these entries and runs in the place of what was frozen. */
    public synchronized void thaw(List<IndexEntry> entries, List<Run> made) {
        entries.forEach(entry -> layers.recent.add(entry.id(), entry.place()));
        List<Run> runs = new ArrayList<>(layers.runs);
        runs.addAll(made);
        layers = new Layers(layers.recent, empty(), runs);
    }

    /** Puts runs in the place of others and closes those. */
    public void replace(List<Run> old, List<Run> made) {
        synchronized (this) {
            List<Run> runs = new ArrayList<>(layers.runs);
            runs.removeAll(old);
            runs.addAll(made);
            layers = new Layers(layers.recent, layers.frozen, runs);
        }
        old.forEach(Run::close);
    }

    @Override
    public void close() {
        layers.runs.forEach(Run::close);
    }
}
