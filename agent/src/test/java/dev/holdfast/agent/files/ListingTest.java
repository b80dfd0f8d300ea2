package dev.holdfast.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ListingTest {
    @Test
    void anyNamesComeSortedAndOnce() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            TreeSet<byte[]> expected = new TreeSet<>(Arrays::compareUnsigned);
            Listing.Builder builder = new Listing.Builder();
            int count = random.nextInt(200);
            for (int i = 0; i < count; i++) {
                byte[] name = name(random);
                expected.add(name);
                builder.add(name, 0, name.length);
            }
            List<byte[]> sorted = ReadingContract.names(builder.sorted());
            assertThat(sorted).as("seed " + seed).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void aMillionNamesAreSorted() {
        Random random = new Random(1);
        Listing.Builder builder = new Listing.Builder();
        for (int i = 0; i < 1_000_000; i++) {
            byte[] name = FileSystemContract.bytes("photo-" + random.nextInt() + ".jpeg");
            builder.add(name, 0, name.length);
        }
        long begin = System.nanoTime();
        Listing listing = builder.sorted();
        System.out.printf("sorted %d names in %d ms%n", listing.size(), (System.nanoTime() - begin) / 1_000_000);
        for (int i = 1; i < listing.size(); i++) {
            if (listing.compare(i - 1, listing.name(i)) >= 0) {
                throw new AssertionError("out of order at " + i);
            }
        }
    }

    @Test
    void everyNameIsFoundAtItsRank() {
        Listing.Builder builder = new Listing.Builder();
        for (String name : List.of("b", "d", "dd", "\u00e4")) {
            byte[] bytes = FileSystemContract.bytes(name);
            builder.add(bytes, 0, bytes.length);
        }
        Listing listing = builder.sorted();
        List<Integer> found = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d", "dd", "\u00e4", "\u00f6")) {
            found.add(listing.find(FileSystemContract.bytes(name)));
        }
        assertThat(found).containsExactly(-1, 0, -2, 1, 2, 3, -5);
    }

    /** Few letters, common beginnings, bytes on both sides of the sign: the cases that a sort by pieces can get wrong. */
    private static byte[] name(Random random) {
        int shared = random.nextInt(3) * 9;
        byte[] name = new byte[shared + 1 + random.nextInt(12)];
        Arrays.fill(name, 0, shared, (byte) 'p');
        for (int i = shared; i < name.length; i++) {
            name[i] = (byte) (random.nextBoolean() ? 'a' + random.nextInt(2) : 0xfe + random.nextInt(2));
        }
        return name;
    }

    /** All names, a window after the other, as a {@link NameCursor} takes them. */
    private static List<String> inWindows(List<String> names, int limitBytes) {
        List<String> all = new ArrayList<>();
        byte[] last = {};
        Listing window;
        do {
            Listing.Builder builder = new Listing.Builder(last, limitBytes);
            for (String name : names) {
                byte[] bytes = FileSystemContract.bytes(name);
                builder.add(bytes, 0, bytes.length);
            }
            window = builder.sorted();
            for (int i = 0; i < window.size(); i++) {
                last = window.name(i);
                all.add(new String(last, StandardCharsets.UTF_8));
            }
        } while (window.cutShort());
        return all;
    }

    @Test
    void windowsOfAnySizeTogetherAreAllNamesInOrder() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            names.add(Integer.toString(i * 7919 % 2003, 7) + "x".repeat(i % 40));
        }
        List<String> expected = new ArrayList<>(new TreeSet<>(names));
        for (int limit : new int[] {60, 100, 1000, 30_000, 1 << 20}) {
            assertThat(inWindows(names, limit)).as(limit + " bytes").isEqualTo(expected);
        }
    }

    @Test
    void aWindowOfManyNamesTakesNoMoreThanItsLimit() {
        Listing.Builder builder = new Listing.Builder(new byte[0], 1 << 20);
        for (int i = 0; i < 300_000; i++) {
            byte[] name = FileSystemContract.bytes(Integer.toString(i * 7919 % 300_007, 36));
            builder.add(name, 0, name.length);
        }
        Listing window = builder.sorted();
        assertThat(window.cutShort()).isTrue();
        assertThat(window.size()).isBetween(50_000, 150_000);
    }
}
