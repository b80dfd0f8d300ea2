package dev.holdfast.agent.files;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The one C function on the hot path, mapped directly: primitives only, so that no call allocates or converts anything. */
final class LinuxFunctions {
    private LinuxFunctions() {}

    static void register() {
        Native.register(LinuxFunctions.class, NativeLibrary.getProcess());
    }

    static native long syscall(long number, long a, long b, long c, long d, long e);
}
