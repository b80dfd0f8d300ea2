package dev.holdfast.core;

import java.util.SplittableRandom;

/** Runs a property on many seeded inputs and names the seed that broke it. */
public final class Seeds {
    private Seeds() {}

    /** A check of one seeded input. */
    @FunctionalInterface
    public interface Property {
        void check(SplittableRandom random) throws Exception;
    }

    public static void forEach(int count, Property property) {
        for (long seed = 1; seed <= count; seed++) {
            try {
                property.check(new SplittableRandom(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    public static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
