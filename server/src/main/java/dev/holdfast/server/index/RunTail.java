package dev.holdfast.server.index;

import dev.holdfast.server.pack.PackId;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a run has behind its blocks: all that is kept in memory of it. */
final class RunTail {
    private final int count;
    private final List<CoveredPack> packs;
    private final long[] fences;
    private final IdFilter filter;

    private RunTail(int count, List<CoveredPack> packs, long[] fences, IdFilter filter) {
        this.count = count;
        this.packs = List.copyOf(packs);
        this.fences = fences;
        this.filter = filter;
    }

    static RunTail read(RunFile file) throws IOException {
        long size = file.size();
        if (size < RunFormat.TRAILER_BYTES) {
            throw new CorruptRunException(file.path(), "cut short");
        }
        ByteBuffer trailer = ByteBuffer.wrap(file.read(size - RunFormat.TRAILER_BYTES, RunFormat.TRAILER_BYTES));
        int version = trailer.getInt();
        int count = trailer.getInt();
        int packs = trailer.getInt();
        int table = trailer.getInt();
        int filterBlocks = trailer.getInt();
        trailer.getInt();
        long seed = trailer.getLong();
        int crc = trailer.getInt();
        if (trailer.getLong() != RunFormat.MAGIC || version != RunFormat.VERSION) {
            throw new CorruptRunException(file.path(), "no trailer of a known version");
        }
        long blocks = RunFormat.blocks(Math.max(0, count));
        long fenceBytes = blocks * RunFormat.FENCE_BYTES;
        long filterBytes = (long) filterBlocks * RunFormat.FILTER_BLOCK_BYTES;
        long bytes = table + fenceBytes + filterBytes + RunFormat.TRAILER_BYTES;
        if (count < 0
                || table < 0
                || filterBlocks < 1
                || bytes > Integer.MAX_VALUE
                || size != blocks * RunFormat.BLOCK_BYTES + bytes) {
            throw new CorruptRunException(file.path(), "its trailer announces another length");
        }
        byte[] tail = file.read(blocks * RunFormat.BLOCK_BYTES, (int) bytes);
        if (RunFormat.crc(tail, 0, tail.length - 12) != crc) {
            throw new CorruptRunException(file.path(), "its tables have a wrong checksum");
        }
        return decode(file, ByteBuffer.wrap(tail), count, packs, table, filterBlocks, seed);
    }

    private static RunTail decode(
            RunFile file, ByteBuffer in, int count, int packs, int table, int filterBlocks, long seed)
            throws CorruptRunException {
        List<CoveredPack> covered = new ArrayList<>();
        try {
            for (int i = 0; i < packs; i++) {
                covered.add(pack(in));
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new CorruptRunException(file.path(), "its pack table is malformed");
        }
        long objects = covered.stream().mapToLong(CoveredPack::objects).sum();
        if (in.position() != table || objects != count) {
            throw new CorruptRunException(file.path(), "its pack table announces another length");
        }
        long[] fences = new long[RunFormat.blocks(count)];
        for (int i = 0; i < fences.length; i++) {
            fences[i] = in.getLong();
        }
        int[] words = new int[filterBlocks * RunFormat.FILTER_BLOCK_BYTES / Integer.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = in.getInt();
        }
        return new RunTail(count, covered, fences, new IdFilter(words, seed));
    }

    private static CoveredPack pack(ByteBuffer in) {
        PackId id = new PackId(in.getLong(), in.getLong());
        long fileBytes = in.getLong();
        int start = in.getInt();
        int end = in.getInt();
        int objects = in.getInt();
        byte[] host = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(host);
        return new CoveredPack(id, fileBytes, new String(host, StandardCharsets.UTF_8), start, end, objects);
    }

    int count() {
        return count;
    }

    List<CoveredPack> packs() {
        return packs;
    }

    IdFilter filter() {
        return filter;
    }

    /** How many blocks begin with an id that is certainly smaller than one of this prefix. */
    int fencesBelow(long prefix) {
        int low = 0;
        int high = fences.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(fences[middle], prefix) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many blocks begin with an id that may be smaller than one of this prefix. */
    int fencesUpTo(long prefix) {
        return prefix == -1L ? fences.length : fencesBelow(prefix + 1);
    }
}
