package dev.holdfast.agent.files;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The one C function on the hot path, mapped directly: primitives only, so that no call allocates or converts anything. */
final class LinuxFunctions {
    private LinuxFunctions() {}

    /**
     * Sets JNA up for what is needed here and no more: without a search for libraries (it would start {@code ldconfig}), and
     * without a look at what the system has installed under JNA's name. The launcher may say where JNA's own library lies
     * ({@code jna.boot.library.path}); otherwise JNA unpacks it at each start.
     */
    static void register() {
        setUnlessSet("jna.platform.library.path", "");
        setUnlessSet("jna.nosys", "true");
        Native.register(LinuxFunctions.class, NativeLibrary.getProcess());
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    static native long syscall(long number, long a, long b, long c, long d, long e);
}
