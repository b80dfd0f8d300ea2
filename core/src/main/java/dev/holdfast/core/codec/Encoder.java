package dev.holdfast.core.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array. Fixed numbers are big-endian; {@code varint} is unsigned LEB128; strings are UTF-8 with a varint length. */
public final class Encoder {
    private byte[] array;
    private int size;

    public Encoder(int expectedBytes) {
        array = new byte[Math.max(16, expectedBytes)];
    }

    private void need(int more) {
        if (array.length - size < more) {
            array = Arrays.copyOf(array, Math.max(Math.addExact(size, more), Math.min(array.length * 2, 1 << 30)));
        }
    }

    public Encoder u8(int value) {
        need(1);
        array[size++] = (byte) value;
        return this;
    }

    public Encoder u32(int value) {
        need(4);
        array[size++] = (byte) (value >>> 24);
        array[size++] = (byte) (value >>> 16);
        array[size++] = (byte) (value >>> 8);
        array[size++] = (byte) value;
        return this;
    }

    public Encoder u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    public Encoder varint(long value) {
        need(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            array[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[size++] = (byte) rest;
        return this;
    }

    /** A signed number, small in either direction (zigzag). */
    public Encoder signed(long value) {
        return varint((value << 1) ^ (value >> 63));
    }

    public Encoder raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    public Encoder raw(byte[] source, int offset, int length) {
        need(length);
        System.arraycopy(source, offset, array, size, length);
        size += length;
        return this;
    }

    /** Bytes with their length as a varint in front. */
    public Encoder bytes(byte[] source) {
        return varint(source.length).raw(source);
    }

    public Encoder string(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    /** The backing array, valid up to {@link #size}; for writing out without a copy. */
    public byte[] array() {
        return array;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(array, size);
    }
}
