package dev.holdfast.cli.notify;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends one datagram to a Unix socket of a 64-bit Linux. */
final class DatagramSocketCalls {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_BYTES = 2;
    /** Of {@code sun_path}. */
    private static final int LONGEST_ADDRESS = 108;

    private DatagramSocketCalls() {}

    private static native int socket(int domain, int type, int protocol) throws LastErrorException;

    private static native long sendto(int socket, byte[] text, long bytes, int flags, byte[] address, int addressBytes)
            throws LastErrorException;

    private static native int close(int descriptor) throws LastErrorException;

    /** Whether this system has them. As elsewhere, JNA is not to search for libraries. */
    static boolean load() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return false;
        }
        setUnlessSet("jna.platform.library.path", "");
        setUnlessSet("jna.nosys", "true");
        if (Native.POINTER_SIZE != Long.BYTES) {
            return false;
        }
        Native.register(DatagramSocketCalls.class, NativeLibrary.getProcess());
        return true;
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * Sends it without waiting for a reader.
     *
     * @param address a path, or after {@code @} a name without a file
     */
    static void send(String address, String text) throws IOException {
        byte[] packed = pack(address);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            int socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            try {
                sendto(socket, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL, packed, packed.length);
            } finally {
                close(socket);
            }
        } catch (LastErrorException e) {
            throw new IOException("error " + e.getErrorCode() + " of the system", e);
        }
    }

    /** As {@code struct sockaddr_un}: the length, not a zero, ends the name. */
    private static byte[] pack(String address) throws IOException {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length >= LONGEST_ADDRESS) {
            throw new IOException("no socket can have the name '" + address + "'");
        }
        byte[] packed = new byte[FAMILY_BYTES + name.length];
        packed[0] = AF_UNIX;
        System.arraycopy(name, 0, packed, FAMILY_BYTES, name.length);
        if (address.startsWith("@")) {
            packed[FAMILY_BYTES] = 0;
        }
        return packed;
    }
}
