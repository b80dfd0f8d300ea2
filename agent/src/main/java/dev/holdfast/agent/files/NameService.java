package dev.holdfast.agent.files;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks the C library, and so LDAP, SSSD and the like, for names that the local tables lack. Loaded only when that happens. */
final class NameService {
    private static final int RECORD_BYTES = 64;
    private static final int BUFFER_BYTES = 64 * 1024;

    private NameService() {}

    private static native int getpwuid_r(int uid, long entry, long buffer, long size, long result);

    private static native int getgrgid_r(int gid, long entry, long buffer, long size, long result);

    static {
        Native.register(NameService.class, NativeLibrary.getProcess());
    }

    static Optional<String> user(long uid) {
        return ask(uid, true);
    }

    static Optional<String> group(long gid) {
        return ask(gid, false);
    }

    /** Both records begin with the pointer to the name, which points into the buffer. */
    private static Optional<String> ask(long number, boolean user) {
        ByteBuffer memory = ByteBuffer.allocateDirect(RECORD_BYTES + Long.BYTES + BUFFER_BYTES)
                .order(ByteOrder.nativeOrder());
        long entry = Pointer.nativeValue(Native.getDirectBufferPointer(memory));
        long result = entry + RECORD_BYTES;
        long buffer = result + Long.BYTES;
        int errno = user
                ? getpwuid_r((int) number, entry, buffer, BUFFER_BYTES, result)
                : getgrgid_r((int) number, entry, buffer, BUFFER_BYTES, result);
        if (errno != 0 || memory.getLong(RECORD_BYTES) == 0) {
            return Optional.empty();
        }
        int start = Math.toIntExact(memory.getLong(0) - entry);
        int end = start;
        while (memory.get(end) != 0) {
            end++;
        }
        byte[] name = new byte[end - start];
        memory.get(start, name);
        return Optional.of(new String(name, StandardCharsets.UTF_8));
    }
}
