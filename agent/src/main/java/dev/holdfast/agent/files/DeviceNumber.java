package dev.holdfast.agent.files;

/** Major and minor number in one long, laid out as the C library does in {@code st_dev} and {@code st_rdev}. */
public final class DeviceNumber {
    private DeviceNumber() {}

    public static long of(long major, long minor) {
        return ((major & 0xfffff000L) << 32)
                | ((major & 0xfffL) << 8)
                | ((minor & 0xffffff00L) << 12)
                | (minor & 0xffL);
    }

    public static long major(long device) {
        return ((device >>> 32) & 0xfffff000L) | ((device >>> 8) & 0xfffL);
    }

    public static long minor(long device) {
        return ((device >>> 12) & 0xffffff00L) | (device & 0xffL);
    }
}
