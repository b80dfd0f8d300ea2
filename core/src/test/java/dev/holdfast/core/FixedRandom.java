package dev.holdfast.core;

import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.SplittableRandom;

/** A SecureRandom that gives the same bytes for the same seed, on every Java. For golden files only. */
public final class FixedRandom extends SecureRandom {

    public FixedRandom(long seed) {
        super(new Bytes(new SplittableRandom(seed)), null);
    }

    private static final class Bytes extends SecureRandomSpi {
        private final transient SplittableRandom source;

        Bytes(SplittableRandom source) {
            this.source = source;
        }

        @Override
        protected void engineSetSeed(byte[] seed) {
            // Stays what it was made with.
        }

        @Override
        protected void engineNextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) source.nextInt();
            }
        }

        @Override
        protected byte[] engineGenerateSeed(int count) {
            return new byte[count];
        }
    }
}
