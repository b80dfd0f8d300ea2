package dev.holdfast.core.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link Encoder} wrote; throws {@link MalformedException} rather than read past the end or allocate on a bad length. */
public final class Decoder {
    private final byte[] array;
    private final int end;
    private int position;

    public Decoder(byte[] array) {
        this(array, 0, array.length);
    }

    public Decoder(byte[] array, int offset, int length) {
        this.array = array;
        this.position = offset;
        this.end = offset + length;
    }

    private void need(long bytes) throws MalformedException {
        if (bytes < 0 || bytes > end - position) {
            throw new MalformedException("cut short: " + bytes + " bytes wanted, " + (end - position) + " left");
        }
    }

    public int u8() throws MalformedException {
        need(1);
        return array[position++] & 0xff;
    }

    public int u32() throws MalformedException {
        need(4);
        int value = (array[position] & 0xff) << 24
                | (array[position + 1] & 0xff) << 16
                | (array[position + 2] & 0xff) << 8
                | (array[position + 3] & 0xff);
        position += 4;
        return value;
    }

    public long u64() throws MalformedException {
        long high = u32();
        return (high << 32) | (u32() & 0xffffffffL);
    }

    /** Only the shortest form is taken, so that equal values have equal bytes. */
    public long varint() throws MalformedException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    throw new MalformedException("variable number with needless bytes");
                }
                return value;
            }
        }
        throw new MalformedException("variable number longer than 64 bits");
    }

    public long signed() throws MalformedException {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A varint between 0 and {@code max}. */
    public int count(int max) throws MalformedException {
        long value = varint();
        if (value < 0 || value > max) {
            throw new MalformedException("number " + Long.toUnsignedString(value) + " is over the limit of " + max);
        }
        return (int) value;
    }

    /** A varint between 0 and {@code Long.MAX_VALUE}. */
    public long positive() throws MalformedException {
        long value = varint();
        if (value < 0) {
            throw new MalformedException("number " + Long.toUnsignedString(value) + " is over the limit");
        }
        return value;
    }

    public byte[] raw(int length) throws MalformedException {
        need(length);
        position += length;
        return Arrays.copyOfRange(array, position - length, position);
    }

    /** Copies {@code length} bytes into {@code target} without making an array of their own. */
    public void raw(byte[] target, int offset, int length) throws MalformedException {
        need(length);
        System.arraycopy(array, position, target, offset, length);
        position += length;
    }

    public byte[] bytes(int max) throws MalformedException {
        return raw(count(max));
    }

    public String string(int maxBytes) throws MalformedException {
        byte[] bytes = bytes(maxBytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("text that is not UTF-8");
        }
    }

    public int left() {
        return end - position;
    }

    /** Everything must have been read. */
    public void end() throws MalformedException {
        if (position != end) {
            throw new MalformedException((end - position) + " bytes too many");
        }
    }
}
