package dev.holdfast.agent.files;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lends descriptors to directories, so that a walk may hold any number of {@link NativeDirectory} open, however deep.
 *
 * <p>Past {@code limit} the least recently used descriptor that nobody is using is closed, and the directory's identity (device
 * and inode) noted. When it is needed again it is opened from its parent by name, the parent first if it was closed too, never
 * through a link; a directory of another identity is refused. Opening a chain again leaves its lower part open, so a walk that
 * climbs back out of a depth d costs about d²/2·limit extra calls in all. Roots stay open. A closed directory whose children
 * are still open is forgotten with the last of them.
 */
final class OpenDirectories {
    private final Kernel kernel;
    private final int limit;
    private final List<NativeDirectory> evictable = new ArrayList<>();
    private long clock;

    OpenDirectories(Kernel kernel, int limit) {
        if (limit < 2) {
            throw new IllegalArgumentException("a walk needs two open directories, not " + limit);
        }
        this.kernel = kernel;
        this.limit = limit;
    }

    /** Takes in a directory that was just opened. */
    synchronized void add(NativeDirectory directory, int descriptor) {
        makeRoom();
        lend(directory, descriptor);
        if (directory.parent != null) {
            directory.parent.children++;
        }
    }

    /** The directory's descriptor, which stays open until {@link #unpin}. */
    synchronized int pin(NativeDirectory directory) throws FileAccessException {
        if (directory.closed) {
            throw new FileAccessException("use the closed directory", directory.printablePath(), Errno.EBADF);
        }
        if (directory.descriptor < 0) {
            reopen(directory);
        }
        directory.lastUse = ++clock;
        directory.pins++;
        return directory.descriptor;
    }

    synchronized void unpin(NativeDirectory directory) {
        directory.pins--;
        forgetIfUnused(directory);
    }

    synchronized void close(NativeDirectory directory) {
        directory.closed = true;
        forgetIfUnused(directory);
    }

    /** Gives back every descriptor that nobody is using: for when the process has run out of them. */
    synchronized void closeIdle() {
        for (NativeDirectory idle : List.copyOf(evictable)) {
            evict(idle);
        }
    }

    private void forgetIfUnused(NativeDirectory directory) {
        NativeDirectory unused = directory;
        while (unused.closed && !unused.forgotten && unused.pins == 0 && unused.children == 0) {
            unused.forgotten = true;
            if (unused.descriptor >= 0) {
                takeBack(unused);
            }
            if (unused.parent == null) {
                return;
            }
            unused = unused.parent;
            unused.children--;
        }
    }

    private void reopen(NativeDirectory directory) throws FileAccessException {
        Deque<NativeDirectory> chain = new ArrayDeque<>();
        NativeDirectory at = directory;
        while (at.descriptor < 0 && at.parent != null) {
            chain.push(at);
            at = at.parent;
        }
        for (NativeDirectory next : chain) {
            NativeDirectory parent = next.parent == null ? next : next.parent;
            parent.lastUse = ++clock;
            makeRoom();
            int descriptor = next.openAgain(parent.descriptor);
            lend(next, descriptor);
            next.lastUse = ++clock;
        }
    }

    private void lend(NativeDirectory directory, int descriptor) {
        directory.descriptor = descriptor;
        directory.lastUse = ++clock;
        if (directory.parent != null) {
            evictable.add(directory);
        }
    }

    private void makeRoom() {
        if (evictable.size() < limit) {
            return;
        }
        NativeDirectory oldest = null;
        for (NativeDirectory candidate : evictable) {
            if (candidate.pins == 0 && (oldest == null || candidate.lastUse < oldest.lastUse)) {
                oldest = candidate;
            }
        }
        if (oldest != null) {
            evict(oldest);
        }
    }

    /** Closes the descriptor if the directory is idle and can be recognised when it is opened again. */
    private void evict(NativeDirectory directory) {
        if (directory.pins == 0 && directory.noteIdentity()) {
            takeBack(directory);
        }
    }

    private void takeBack(NativeDirectory directory) {
        evictable.remove(directory);
        kernel.close(directory.descriptor);
        directory.descriptor = -1;
    }
}
