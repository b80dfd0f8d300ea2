package dev.holdfast.agent.backup;

import dev.holdfast.core.progress.Progress;

/**
 * Passes on what a run tells. When the run begins again, on another connection, what it does for the second time is not told again:
 * whoever watches sees it stand still until it gets further than before.
 */
final class ToldOnce implements Progress {
    private final Progress watcher;
    private long files;
    private long bytes;
    private long toldFiles;
    private long toldBytes;

    ToldOnce(Progress watcher) {
        this.watcher = watcher;
    }

    /** The run begins again. */
    synchronized void again() {
        files = 0;
        bytes = 0;
    }

    @Override
    public synchronized void advanced(long moreFiles, long moreBytes) {
        files += moreFiles;
        bytes += moreBytes;
        long newFiles = Math.max(0, files - toldFiles);
        long newBytes = Math.max(0, bytes - toldBytes);
        toldFiles += newFiles;
        toldBytes += newBytes;
        if (newFiles > 0 || newBytes > 0) {
            watcher.advanced(newFiles, newBytes);
        }
    }

    @Override
    public void phase(String name) {
        watcher.phase(name);
    }

    @Override
    public void total(long allFiles, long allBytes) {
        watcher.total(allFiles, allBytes);
    }

    @Override
    public void atLeast(long someFiles, long someBytes) {
        watcher.atLeast(someFiles, someBytes);
    }

    @Override
    public boolean wantsTotal() {
        return watcher.wantsTotal();
    }

    @Override
    public void transferred(long moreBytes) {
        watcher.transferred(moreBytes);
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
