package dev.holdfast.core.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.Golden;
import dev.holdfast.core.Seeds;
import dev.holdfast.core.chunk.Chunker.Sizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChunkerTest {
    private static final Sizes SMALL = new Sizes(256, 1024, 4096);
    private static final long[] GEAR = new SplittableRandom(7).longs(256).toArray();

    /** Where each chunk ends. */
    private static List<Integer> ends(Chunker chunker, byte[] data) {
        List<Integer> ends = new ArrayList<>();
        for (int at = 0; at < data.length; ) {
            at += chunker.cut(data, at, data.length - at);
            ends.add(at);
        }
        return ends;
    }

    @Test
    void cutPointsNeverDrift() {
        StringBuilder text = new StringBuilder();
        byte[] large = Seeds.bytes(new SplittableRandom(11), 16 << 20);
        text.append("standard ")
                .append(ends(new Chunker(GEAR, Sizes.STANDARD), large))
                .append('\n');
        byte[] small = Arrays.copyOf(large, 64 << 10);
        text.append("small ").append(ends(new Chunker(GEAR, SMALL), small)).append('\n');
        Golden.checkText("cut-points.txt", text.toString());
    }

    @Test
    void sizesKeepTheirLimitsAndAddUp() {
        Chunker chunker = new Chunker(GEAR, SMALL);
        Seeds.forEach(300, random -> {
            byte[] data = Seeds.bytes(random, random.nextInt(100_000));
            if (random.nextInt(4) == 0) {
                Arrays.fill(data, data.length / 4, data.length / 2, (byte) 0);
            }
            int at = 0;
            while (at < data.length) {
                int left = data.length - at;
                int size = chunker.cut(data, at, left);
                assertThat(size).isBetween(Math.min(left, SMALL.min()), Math.min(left, SMALL.max()));
                at += size;
            }
            assertThat(at).isEqualTo(data.length);
        });
    }

    @Test
    void onlyTheBytesOfTheChunkDecideWhereItEnds() {
        Chunker chunker = new Chunker(GEAR, SMALL);
        Seeds.forEach(300, random -> {
            byte[] data = Seeds.bytes(random, 3 * SMALL.max());
            int size = chunker.cut(data, 0, data.length);
            byte[] moved = Seeds.bytes(random, data.length + 77);
            System.arraycopy(data, 0, moved, 77, size);
            assertThat(chunker.cut(moved, 77, moved.length - 77)).isEqualTo(size);
            assertThat(chunker.cut(data, 0, SMALL.max())).isEqualTo(size);
        });
    }

    @Test
    void chunksEndWhereThePlainDefinitionSays() {
        Seeds.forEach(200, random -> {
            Sizes sizes = random.nextBoolean() ? SMALL : new Sizes(1000, 16 << 10, 50_000);
            Chunker chunker = new Chunker(GEAR, sizes);
            byte[] data = Seeds.bytes(random, random.nextInt(200_000));
            for (int at = 0; at < data.length; ) {
                int size = chunker.cut(data, at, data.length - at);
                assertThat(size).isEqualTo(plainCut(sizes, data, at));
                at += size;
            }
        });
    }

    /** One byte after the other, as the class comment has it. */
    private static int plainCut(Sizes sizes, byte[] data, int offset) {
        int most = Math.min(data.length - offset, sizes.max());
        int bits = Integer.numberOfTrailingZeros(sizes.mean());
        long hash = 0;
        for (int length = sizes.min() + 1; length <= most; length++) {
            hash = (hash << 1) + GEAR[data[offset + length - 1] & 0xff];
            int zeros = length <= sizes.mean() ? bits + 2 : bits - 2;
            if (hash >>> (64 - zeros) == 0) {
                return length;
            }
        }
        return most;
    }

    @Test
    void anInsertionMovesFewCutPoints() {
        Chunker chunker = new Chunker(GEAR, SMALL);
        byte[] before = Seeds.bytes(new SplittableRandom(3), 1 << 20);
        byte[] after = new byte[before.length + 13];
        int where = before.length / 2;
        System.arraycopy(before, 0, after, 0, where);
        System.arraycopy(before, where, after, where + 13, before.length - where);
        Set<Integer> expected = new HashSet<>();
        ends(chunker, before).forEach(end -> expected.add(end <= where ? end : end + 13));
        List<Integer> found = ends(chunker, after);
        found.removeIf(expected::contains);
        assertThat(expected).hasSizeGreaterThan(500);
        assertThat(found).hasSizeLessThan(12);
    }

    @Test
    void theMeanIsNearOneMebibyte() {
        byte[] data = Seeds.bytes(new SplittableRandom(5), 128 << 20);
        List<Integer> ends = ends(new Chunker(GEAR, Sizes.STANDARD), data);
        assertThat(data.length / ends.size()).isBetween(900 << 10, 1400 << 10);
    }

    @Test
    void anotherGearTableCutsElsewhere() {
        byte[] data = Seeds.bytes(new SplittableRandom(5), 1 << 20);
        long[] other = new SplittableRandom(8).longs(256).toArray();
        List<Integer> common = ends(new Chunker(GEAR, SMALL), data);
        common.retainAll(ends(new Chunker(other, SMALL), data));
        assertThat(common).hasSizeLessThan(20);
    }

    @Test
    void impossibleSizesAndTablesAreRefused() {
        assertThatThrownBy(() -> new Sizes(63, 1024, 4096)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sizes(256, 1000, 4096)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sizes(256, 1024, 1024)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Chunker(new long[255], SMALL)).isInstanceOf(IllegalArgumentException.class);
    }
}
