package dev.holdfast.agent.backup;

import dev.holdfast.core.progress.Progress;

/**
 * Counts what is read of one file after the other, and tells it while a large file is still at work. What is read again, because the
 * file has changed or differs from what is stored, is read twice but told once. For the walking thread alone.
 */
final class FileMeter {
    private final Progress progress;
    private final String phase;
    private boolean reading;
    private long bytesRead;
    private long told;

    /** @param phase what the run does from the first file on that is read */
    FileMeter(Progress progress, String phase) {
        this.progress = progress;
        this.phase = phase;
    }

    /** The run begins again, with comparing. */
    void again() {
        reading = false;
    }

    /** The next file begins. */
    void begin() {
        if (!reading) {
            reading = true;
            progress.phase(phase);
        }
        told = 0;
    }

    /** Bytes of it were read from disk. */
    void read(long position, int length) {
        bytesRead += length;
        reached(position + length);
    }

    /** Everything up to here is done, be it data or holes. */
    void reached(long position) {
        if (position > told) {
            progress.advanced(0, position - told);
            told = position;
        }
    }

    /** The file is done and turned out to have this size. */
    void end(long size) {
        progress.advanced(1, size - told);
        told = 0;
    }

    /** Bytes read from disk, of all files. */
    long bytesRead() {
        return bytesRead;
    }
}
