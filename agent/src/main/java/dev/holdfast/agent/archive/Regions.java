package dev.holdfast.agent.archive;

import java.util.ArrayList;
import java.util.List;

/** Where a file has data, in order; between and behind are holes. */
record Regions(long size, List<Region> data) {
    /** More are not worth a list: the holes are then written as zeros. */
    static final int MOST = 1 << 18;

    record Region(long offset, long length) {
        Region {
            if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
                throw new IllegalArgumentException(length + " bytes from " + offset);
            }
        }

        long end() {
            return offset + length;
        }
    }

    Regions {
        data = List.copyOf(data);
    }

    /** A file without holes. */
    static Regions whole(long size) {
        return new Regions(size, size == 0 ? List.of() : List.of(new Region(0, size)));
    }

    boolean sparse() {
        return dataBytes() != size;
    }

    long dataBytes() {
        return data.stream().mapToLong(Region::length).sum();
    }

    /** Gathers regions in order, joining those that touch. */
    static final class Builder {
        private final List<Region> data = new ArrayList<>();
        private long at;
        private boolean tooMany;

        void data(long length) {
            Region last = data.isEmpty() ? null : data.get(data.size() - 1);
            if (last != null && last.end() == at) {
                data.set(data.size() - 1, new Region(last.offset(), last.length() + length));
            } else if (data.size() < MOST) {
                data.add(new Region(at, length));
            } else {
                tooMany = true;
            }
            at += length;
        }

        void hole(long length) {
            at += length;
        }

        Regions build() {
            return tooMany ? whole(at) : new Regions(at, data);
        }
    }
}
