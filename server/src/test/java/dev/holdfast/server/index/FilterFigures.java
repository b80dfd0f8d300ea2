package dev.holdfast.server.index;

import dev.holdfast.core.object.ObjectId;
import java.util.Locale;
import java.util.SplittableRandom;

/** Prints how often filters of several sizes are wrong about an absent id, and how fast they answer. Not a test. */
public final class FilterFigures {
    private static final int IDS = 4_000_000;

    private FilterFigures() {}

    public static void main(String[] arguments) {
        SplittableRandom random = new SplittableRandom(1);
        for (int bits = 8; bits <= 16; bits += 2) {
            IdFilter filter = IdFilter.forAtMost(IDS * (long) bits / IdFilter.BITS_PER_ID, random.nextLong());
            for (int i = 0; i < IDS; i++) {
                filter.add(randomId(random));
            }
            ObjectId[] absent = new ObjectId[IDS / 4];
            for (int i = 0; i < absent.length; i++) {
                absent[i] = randomId(random);
            }
            int wrong = 0;
            long began = System.nanoTime();
            for (ObjectId id : absent) {
                wrong += filter.mayContain(id) ? 1 : 0;
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.println(String.format(
                    Locale.ROOT,
                    "%d bits an id: wrong for %.2f %%, %.1f million answers/s",
                    bits,
                    100.0 * wrong / absent.length,
                    absent.length / seconds / 1e6));
        }
    }

    private static ObjectId randomId(SplittableRandom random) {
        byte[] id = new byte[ObjectId.BYTES];
        random.nextBytes(id);
        return ObjectId.copyOf(id, 0);
    }
}
