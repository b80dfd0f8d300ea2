package dev.holdfast.agent.archive;

import dev.holdfast.core.tree.EntryPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarUtils;

/** Where GNU tar tells the regions of sparse files: offsets and lengths by turns. */
final class SparseMap {
    private static final int MOST_NUMBERS = 1 << 21;
    private static final int LONGEST_NUMBER = 20;
    private static final int FIELD = 12;
    private static final int TYPE_AT = 156;
    private static final int HEADER_AT = 386;
    private static final int HEADER_REGIONS = 4;
    private static final int HEADER_MORE_AT = 482;
    private static final int REAL_SIZE_AT = 483;
    private static final int BLOCK_REGIONS = 21;
    private static final int BLOCK_MORE_AT = 504;

    private SparseMap() {}

    /** For the library, which cannot read a length of 8 GiB and more there. */
    static byte[] withoutMap(byte[] block) {
        if (block[TYPE_AT] != 'S') {
            return block;
        }
        byte[] copy = block.clone();
        Arrays.fill(copy, HEADER_AT, REAL_SIZE_AT + FIELD, (byte) 0);
        return copy;
    }

    static List<Long> inHeader(byte[] block) throws IOException {
        return fields(block, HEADER_AT, HEADER_REGIONS);
    }

    static boolean headerHasMore(byte[] block) {
        return block[HEADER_MORE_AT] != 0;
    }

    static long oldRealSize(byte[] block) throws IOException {
        return field(block, REAL_SIZE_AT);
    }

    static List<Long> inBlock(byte[] block) throws IOException {
        return fields(block, 0, BLOCK_REGIONS);
    }

    static boolean blockHasMore(byte[] block) {
        return block[BLOCK_MORE_AT] != 0;
    }

    /** Until the first field that was not filled in. */
    private static List<Long> fields(byte[] block, int from, int regions) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < regions; i++) {
            int at = from + 2 * FIELD * i;
            if (block[at] == 0 && block[at + FIELD] == 0) {
                break;
            }
            numbers.add(field(block, at));
            numbers.add(field(block, at + FIELD));
        }
        return numbers;
    }

    private static long field(byte[] block, int at) throws IOException {
        try {
            return TarUtils.parseOctalOrBinary(block, at, FIELD);
        } catch (IllegalArgumentException e) {
            throw new MalformedArchiveException("a map of holes has something that is no number");
        }
    }

    /** The map before the data: numbers in lines, the first one says how many regions follow. */
    static List<Long> inContent(TarInput in, EntryPath path) throws IOException {
        byte[][] block = {new byte[0]};
        int[] at = {0};
        long regions = line(in, block, at, path);
        requireSane(2 * regions, path);
        List<Long> numbers = new ArrayList<>();
        for (long i = 0; i < 2 * regions; i++) {
            numbers.add(line(in, block, at, path));
        }
        return numbers;
    }

    private static long line(TarInput in, byte[][] block, int[] at, EntryPath path) throws IOException {
        ByteArrayOutputStream digits = new ByteArrayOutputStream();
        while (true) {
            if (at[0] == block[0].length) {
                block[0] = in.exactly(TarHeader.BLOCK);
                at[0] = 0;
            }
            byte b = block[0][at[0]++];
            if (b == '\n' && digits.size() > 0) {
                return Long.parseLong(digits.toString(java.nio.charset.StandardCharsets.US_ASCII));
            }
            if (b < '0' || b > '9' || digits.size() >= LONGEST_NUMBER - 2) {
                throw wrong(path);
            }
            digits.write(b);
        }
    }

    static void requireSane(long numbers, EntryPath path) throws IOException {
        if (numbers > MOST_NUMBERS) {
            throw wrong(path);
        }
    }

    /** The regions, when they are in order, inside the file, and as long together as what is stored. */
    static Regions of(List<Long> map, long realSize, long stored, EntryPath path) throws IOException {
        List<Regions.Region> regions = new ArrayList<>();
        long at = 0;
        long bytes = 0;
        for (int i = 0; i + 1 < map.size(); i += 2) {
            long offset = map.get(i);
            long length = map.get(i + 1);
            if (offset < at || length < 0 || offset > realSize || length > realSize - offset) {
                throw wrong(path);
            }
            if (length > 0) {
                regions.add(new Regions.Region(offset, length));
            }
            at = offset + length;
            bytes += length;
        }
        if (map.size() % 2 != 0 || bytes != stored) {
            throw wrong(path);
        }
        return new Regions(realSize, regions);
    }

    private static MalformedArchiveException wrong(EntryPath path) {
        return new MalformedArchiveException("the map of holes of '" + path + "' does not fit the file");
    }
}
