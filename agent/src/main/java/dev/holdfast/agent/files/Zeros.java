package dev.holdfast.agent.files;

/** Zeros in place of holes, where there can be none. */
final class Zeros {
    private static final int STEP = 64 * 1024;

    private Zeros() {}

    static void write(FileWriter file, long from, long end) throws FileAccessException {
        byte[] zeros = new byte[(int) Math.min(STEP, Math.max(0, end - from))];
        for (long at = from; at < end; at += zeros.length) {
            file.pwrite(at, zeros, 0, (int) Math.min(zeros.length, end - at));
        }
    }
}
