package dev.holdfast.cli.command;

import dev.holdfast.core.progress.Progress;

/** Passes on what a run tells to whoever watches at the moment, so that a display can be put away while the person is asked. */
final class ProgressRelay implements Progress {
    private volatile Progress watcher = Progress.NONE;
    private long totalFiles;
    private long totalBytes;

    /** From now on {@code next} watches; it learns what is known to be ahead. */
    synchronized void watch(Progress next) {
        watcher = next;
        if (totalFiles > 0) {
            next.total(totalFiles, totalBytes);
        }
    }

    @Override
    public void phase(String name) {
        watcher.phase(name);
    }

    @Override
    public synchronized void total(long files, long bytes) {
        totalFiles = files;
        totalBytes = bytes;
        watcher.total(files, bytes);
    }

    @Override
    public void advanced(long files, long bytes) {
        watcher.advanced(files, bytes);
    }

    @Override
    public void transferred(long bytes) {
        watcher.transferred(bytes);
    }

    @Override
    public void current(String path) {
        watcher.current(path);
    }

    @Override
    public void notice(String message) {
        watcher.notice(message);
    }
}
