package dev.holdfast.core.snapshot;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** SHA-256 of an encoded {@link SnapshotRecord}: the link of the chain, and the name by which people call a snapshot. */
public final class RecordHash {
    public static final int BYTES = 32;
    /** Stands before the first record of a chain. */
    public static final RecordHash NONE = new RecordHash(new byte[BYTES]);

    private final byte[] bytes;

    private RecordHash(byte[] bytes) {
        this.bytes = bytes;
    }

    static RecordHash over(byte[] encoded) {
        try {
            return new RecordHash(MessageDigest.getInstance("SHA-256").digest(encoded));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Takes a copy of {@code source[offset .. offset+32)}. */
    public static RecordHash copyOf(byte[] source, int offset) {
        return new RecordHash(Arrays.copyOfRange(source, offset, Math.addExact(offset, BYTES)));
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** The first eight hexadecimal digits, for people. */
    public String brief() {
        return HexFormat.of().formatHex(bytes, 0, 4);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordHash that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
