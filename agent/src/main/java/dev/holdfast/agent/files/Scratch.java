package dev.holdfast.agent.files;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** One thread's native memory, used again for every call: room for two paths, a {@code struct statx}, and data. */
final class Scratch {
    static final byte[] EMPTY = {};
    static final byte[] DESCRIPTORS = "/proc/self/fd/".getBytes(StandardCharsets.US_ASCII);
    /** {@code STATX_BASIC_STATS}. */
    static final int STATUS_FIELDS = 0x7ff;

    static final int DATA_BYTES = 128 * 1024;

    private static final int MAX_TEXT = 4095;
    private static final int TEXT_BYTES = MAX_TEXT + 1 + 32;
    private static final int SECOND = TEXT_BYTES;
    private static final int STATUS = SECOND + TEXT_BYTES;
    private static final int STATUS_BYTES = 256;
    private static final int DATA = STATUS + STATUS_BYTES;
    private static final int MOUNT_ROOT = 0x2000;
    private static final int PERMISSIONS = 07777;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(DATA + DATA_BYTES).order(ByteOrder.nativeOrder());
    private final long address = Pointer.nativeValue(Native.getDirectBufferPointer(memory));

    /** The address of a zero-terminated copy. */
    long first(byte[] text) {
        return text(0, text, 0);
    }

    /** The address of a zero-terminated copy beside the {@link #first}. */
    long second(byte[] text) {
        return text(SECOND, text, 0);
    }

    /** The address of {@code /proc/self/fd/N}, or {@code /proc/self/fd/N/name}: a way to an open file for calls that take a path. */
    long descriptorPath(int descriptor, byte[] name) {
        memory.put(0, DESCRIPTORS);
        int at = DESCRIPTORS.length;
        for (int unit = highestUnit(descriptor); unit > 0; unit /= 10) {
            memory.put(at++, (byte) ('0' + descriptor / unit % 10));
        }
        if (name.length > 0) {
            memory.put(at++, (byte) '/');
        }
        text(0, name, at);
        return address;
    }

    private static int highestUnit(int number) {
        int unit = 1;
        while (number / unit >= 10) {
            unit *= 10;
        }
        return unit;
    }

    private long text(int area, byte[] text, int at) {
        if (text.length > MAX_TEXT) {
            throw new IllegalArgumentException("a path of " + text.length + " bytes");
        }
        memory.put(area + at, text);
        memory.put(area + at + text.length, (byte) 0);
        return address + area;
    }

    long status() {
        return address + STATUS;
    }

    long data() {
        return address + DATA;
    }

    void copyData(int from, byte[] target, int offset, int length) {
        memory.get(DATA + from, target, offset, length);
    }

    void fillData(byte[] source, int offset, int length) {
        memory.put(DATA, source, offset, length);
    }

    /** Two {@code struct timespec} in the data area. */
    long times(long firstNanos, Timestamp second) {
        memory.putLong(DATA, 0);
        memory.putLong(DATA + 8, firstNanos);
        memory.putLong(DATA + 16, second.seconds());
        memory.putLong(DATA + 24, second.nanos());
        return data();
    }

    /** What the last {@code statx} left: offsets are those of {@code struct statx}. */
    Status readStatus() {
        int mode = memory.getShort(STATUS + 28) & 0xffff;
        return new Status(
                FileType.of(mode),
                mode & PERMISSIONS,
                memory.getInt(STATUS + 20) & 0xffffffffL,
                memory.getInt(STATUS + 24) & 0xffffffffL,
                memory.getLong(STATUS + 40),
                memory.getLong(STATUS + 48),
                timestamp(STATUS + 112),
                timestamp(STATUS + 96),
                memory.getLong(STATUS + 32),
                deviceNumber(STATUS + 136),
                memory.getInt(STATUS + 16) & 0xffffffffL,
                deviceNumber(STATUS + 128),
                (memory.getLong(STATUS + 8) & MOUNT_ROOT) != 0);
    }

    private Timestamp timestamp(int at) {
        return new Timestamp(memory.getLong(at), memory.getInt(at + 8));
    }

    private long deviceNumber(int at) {
        return DeviceNumber.of(memory.getInt(at) & 0xffffffffL, memory.getInt(at + 4) & 0xffffffffL);
    }
}
