package dev.holdfast.server.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Entries in ascending order of their ids, one after the other. */
@FunctionalInterface
public interface SortedEntries {
    /** The next entry; empty at the end. */
    Optional<IndexEntry> next() throws IOException;

    static SortedEntries of(List<IndexEntry> entries) {
        List<IndexEntry> sorted = new ArrayList<>(entries);
        sorted.sort(null);
        var rest = sorted.iterator();
        return () -> rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
    }

    /** All entries of several. */
    static SortedEntries merge(List<SortedEntries> sources) throws IOException {
        record Head(IndexEntry entry, SortedEntries rest) implements Comparable<Head> {
            @Override
            public int compareTo(Head other) {
                return entry.compareTo(other.entry);
            }
        }
        PriorityQueue<Head> heads = new PriorityQueue<>();
        for (SortedEntries source : sources) {
            source.next().ifPresent(entry -> heads.add(new Head(entry, source)));
        }
        return () -> {
            Head first = heads.poll();
            if (first == null) {
                return Optional.empty();
            }
            first.rest().next().ifPresent(entry -> heads.add(new Head(entry, first.rest())));
            return Optional.of(first.entry());
        };
    }
}
