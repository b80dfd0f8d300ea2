package dev.holdfast.core.object;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * An object as it is stored in packs and sent over the wire, byte for byte the same in both. All numbers are big-endian.
 *
 * <pre>
 *  0  u32  magic "HFOB"
 *  4  u8   version (1)
 *  5  u8   kind
 *  6  u8   flags (bit 0: the body is a zstd frame)
 *  7  u8   zero
 *  8  u32  reference count n
 * 12  u32  payload length p
 * 16  32 B id
 * 48  32 B id of the key slot (zeros for a slot itself)
 * 80  u64  nonce counter
 * 88  32n  references
 *     p    payload (AES-256-GCM ciphertext and tag; plain for a slot)
 *     u32  CRC-32C of everything before
 *     u32  CRC-32 of everything before the CRC-32C
 * </pre>
 *
 * <p>The two checksums need no key, so a server can scrub what it cannot read. {@link #parse} checks the shape and both
 * checksums; nothing here opens the payload.
 */
public final class SealedObject {
    public static final int MAGIC = 0x48464F42;
    public static final int VERSION = 1;
    public static final int FLAG_ZSTD = 1;
    public static final int HEADER_BYTES = 88;
    public static final int CHECKSUM_BYTES = 8;
    /** Where the id stands, counted from the start. */
    public static final int ID_OFFSET = 16;

    /** Where the id of the key slot stands. */
    public static final int SLOT_OFFSET = 48;

    static final int COUNTER_OFFSET = 80;

    public static final int MAX_REFERENCES = 1 << 17;
    public static final int MAX_PAYLOAD_BYTES = 17 << 20;
    /** No object is longer than this; checked before anything is allocated. */
    public static final int MAX_BYTES =
            HEADER_BYTES + ObjectId.BYTES * MAX_REFERENCES + MAX_PAYLOAD_BYTES + CHECKSUM_BYTES;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] array;
    private final int offset;
    private final int length;
    private final ObjectKind kind;

    private SealedObject(byte[] array, int offset, int length, ObjectKind kind) {
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.kind = kind;
    }

    /**
     * The total length that a header announces, so that a reader knows how much to take. {@code header} needs {@link
     * #HEADER_BYTES} bytes from {@code offset}. Throws when the magic, version or a length is impossible.
     */
    public static int lengthOf(byte[] header, int offset) throws MalformedObjectException {
        if ((int) INT.get(header, offset) != MAGIC) {
            throw new MalformedObjectException("no object begins here: wrong magic");
        }
        if (header[offset + 4] != VERSION) {
            throw new MalformedObjectException("object version " + (header[offset + 4] & 0xff) + " is not known");
        }
        int references = (int) INT.get(header, offset + 8);
        int payload = (int) INT.get(header, offset + 12);
        if (references < 0 || references > MAX_REFERENCES || payload < 0 || payload > MAX_PAYLOAD_BYTES) {
            throw new MalformedObjectException("object with " + Integer.toUnsignedString(references)
                    + " references and " + Integer.toUnsignedString(payload) + " payload bytes is over the limit");
        }
        return HEADER_BYTES + ObjectId.BYTES * references + payload + CHECKSUM_BYTES;
    }

    /**
     * Reads the object that fills {@code array[offset .. offset+length)} exactly; keeps the array, which must not change
     * afterwards. Throws when the shape or a checksum is wrong.
     */
    public static SealedObject parse(byte[] array, int offset, int length) throws MalformedObjectException {
        if (length < HEADER_BYTES + CHECKSUM_BYTES || lengthOf(array, offset) != length) {
            throw new MalformedObjectException("object of " + length + " bytes announces another length");
        }
        ObjectKind kind = ObjectKind.ofNumber(array[offset + 5] & 0xff);
        if ((array[offset + 6] & ~FLAG_ZSTD) != 0 || array[offset + 7] != 0) {
            throw new MalformedObjectException("object has flags that this version does not know");
        }
        if (kind.leaf() && (int) INT.get(array, offset + 8) != 0) {
            throw new MalformedObjectException("object of kind " + kind + " has references");
        }
        int body = length - CHECKSUM_BYTES;
        if ((int) INT.get(array, offset + body) != crc32c(array, offset, body)
                || (int) INT.get(array, offset + body + 4) != crc32(array, offset, body)) {
            throw new MalformedObjectException("object checksum is wrong");
        }
        return new SealedObject(array, offset, length, kind);
    }

    /** Lays out a new object whose payload of {@code payloadBytes} is still to be filled in, then {@link #finish}ed. */
    static byte[] layOut(
            ObjectKind kind, int flags, ObjectId id, byte[] slot, long counter, byte[] references, int payloadBytes) {
        int count = references.length / ObjectId.BYTES;
        if (count * ObjectId.BYTES != references.length || (kind.leaf() && count > 0)) {
            throw new IllegalArgumentException(references.length + " bytes of references in an object of kind " + kind);
        }
        if (count > MAX_REFERENCES || payloadBytes > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "object over the limit: " + count + " references, " + payloadBytes + " bytes");
        }
        byte[] array = new byte[HEADER_BYTES + references.length + payloadBytes + CHECKSUM_BYTES];
        INT.set(array, 0, MAGIC);
        array[4] = VERSION;
        array[5] = (byte) kind.number();
        array[6] = (byte) flags;
        INT.set(array, 8, count);
        INT.set(array, 12, payloadBytes);
        id.copyTo(array, ID_OFFSET);
        System.arraycopy(slot, 0, array, SLOT_OFFSET, ObjectId.BYTES);
        LONG.set(array, COUNTER_OFFSET, counter);
        System.arraycopy(references, 0, array, HEADER_BYTES, references.length);
        return array;
    }

    /** Adds the checksums to an array made by {@link #layOut}. */
    static SealedObject finish(byte[] array, ObjectKind kind) {
        int body = array.length - CHECKSUM_BYTES;
        INT.set(array, body, crc32c(array, 0, body));
        INT.set(array, body + 4, crc32(array, 0, body));
        return new SealedObject(array, 0, array.length, kind);
    }

    private static int crc32c(byte[] array, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(array, offset, length);
        return (int) crc.getValue();
    }

    private static int crc32(byte[] array, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(array, offset, length);
        return (int) crc.getValue();
    }

    public ObjectKind kind() {
        return kind;
    }

    public boolean compressed() {
        return (array[offset + 6] & FLAG_ZSTD) != 0;
    }

    public ObjectId id() {
        return ObjectId.copyOf(array, offset + ID_OFFSET);
    }

    /** The key slot under which the payload is sealed; all zeros for a slot. */
    public ObjectId slot() {
        return ObjectId.copyOf(array, offset + SLOT_OFFSET);
    }

    public long counter() {
        return (long) LONG.get(array, offset + COUNTER_OFFSET);
    }

    public int referenceCount() {
        return (int) INT.get(array, offset + 8);
    }

    public ObjectId reference(int index) {
        if (index < 0 || index >= referenceCount()) {
            throw new IndexOutOfBoundsException("reference " + index + " of " + referenceCount());
        }
        return ObjectId.copyOf(array, offset + HEADER_BYTES + ObjectId.BYTES * index);
    }

    public byte[] references() {
        int from = offset + HEADER_BYTES;
        return Arrays.copyOfRange(array, from, from + ObjectId.BYTES * referenceCount());
    }

    int payloadOffset() {
        return offset + HEADER_BYTES + ObjectId.BYTES * referenceCount();
    }

    public int payloadBytes() {
        return (int) INT.get(array, offset + 12);
    }

    public byte[] payload() {
        return Arrays.copyOfRange(array, payloadOffset(), payloadOffset() + payloadBytes());
    }

    byte[] array() {
        return array;
    }

    int offset() {
        return offset;
    }

    /** Length of the whole object in bytes. */
    public int length() {
        return length;
    }

    /** The whole object, ready to be written; a view, so do not change it. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }
}
