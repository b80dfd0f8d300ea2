package dev.holdfast.system.transport;

import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/** A reproducible stream of bytes, written and checked in pieces of random size. */
final class RandomBytes {
    private final long seed;
    private final long length;
    private final int biggestPiece;

    RandomBytes(long seed, long length, int biggestPiece) {
        this.seed = seed;
        this.length = length;
        this.biggestPiece = biggestPiece;
    }

    void writeTo(ByteLink link) throws IOException {
        SplittableRandom sizes = new SplittableRandom(seed + 1);
        SplittableRandom content = new SplittableRandom(seed);
        for (long left = length; left > 0; ) {
            byte[] piece = new byte[(int) Math.min(left, 1 + sizes.nextInt(biggestPiece))];
            fill(content, piece);
            link.write(piece, 0, piece.length);
            left -= piece.length;
        }
        link.flush();
    }

    /** Reads exactly this stream, in other pieces than it was written in; throws at the first difference. */
    void checkFrom(ByteLink link) throws IOException {
        SplittableRandom sizes = new SplittableRandom(seed + 2);
        SplittableRandom content = new SplittableRandom(seed);
        for (long at = 0; at < length; ) {
            byte[] piece = new byte[(int) Math.min(length - at, 1 + sizes.nextInt(biggestPiece))];
            readFully(link, piece);
            byte[] expected = new byte[piece.length];
            fill(content, expected);
            if (!Arrays.equals(piece, expected)) {
                throw new IOException("seed " + seed + ": bytes differ at " + at + " to " + (at + piece.length));
            }
            at += piece.length;
        }
    }

    static void readFully(ByteLink link, byte[] target) throws IOException {
        for (int at = 0; at < target.length; ) {
            int n = link.read(target, at, target.length - at);
            if (n < 0) {
                throw new IOException("the stream ended early");
            }
            at += n;
        }
    }

    /** One byte of the generator for each byte, so that the pieces may fall anywhere. */
    private static void fill(SplittableRandom content, byte[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = (byte) content.nextInt();
        }
    }
}
