package dev.holdfast.server.pack;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** The 16-byte random name of a pack. */
public record PackId(long high, long low) {
    public static final int BYTES = 16;

    public static PackId random(RandomGenerator random) {
        return new PackId(random.nextLong(), random.nextLong());
    }

    static PackId read(ByteBuffer in) {
        return new PackId(in.getLong(), in.getLong());
    }

    void write(ByteBuffer out) {
        out.putLong(high).putLong(low);
    }

    /** Reads 32 lower-case hexadecimal digits. */
    public static PackId ofHex(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a pack id has 32 hexadecimal digits, not " + hex.length());
        }
        return new PackId(HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
    }

    public String hex() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    /** The name of the folder it lies in: its first two digits. */
    public String folder() {
        return hex().substring(0, 2);
    }

    @Override
    public String toString() {
        return hex();
    }
}
