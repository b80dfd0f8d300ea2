package dev.holdfast.core.object;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The 32-byte name of an object: {@code HMAC-SHA-256(realm id key, kind, references, plaintext)}. Equal content has equal ids
 * inside a realm; outside it an id says nothing.
 */
public final class ObjectId implements Comparable<ObjectId> {
    public static final int BYTES = 32;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;

    private ObjectId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes a copy of {@code source[offset .. offset+32)}. */
    public static ObjectId copyOf(byte[] source, int offset) {
        return new ObjectId(Arrays.copyOfRange(source, offset, Math.addExact(offset, BYTES)));
    }

    public static ObjectId ofHex(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an object id has 64 hexadecimal digits, not " + hex.length());
        }
        return new ObjectId(bytes);
    }

    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, BYTES);
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The first eight bytes as a big-endian number: uniformly distributed, good for hash tables. */
    public long prefix() {
        return (long) LONG.get(bytes, 0);
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** The first eight hexadecimal digits, for people. */
    public String brief() {
        return HexFormat.of().formatHex(bytes, 0, 4);
    }

    @Override
    public int compareTo(ObjectId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return (int) prefix();
    }

    @Override
    public String toString() {
        return hex();
    }
}
