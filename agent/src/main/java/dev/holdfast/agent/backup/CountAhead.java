package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.TemporaryName;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.tree.EntryPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what a backup has ahead that no parent snapshot foretells, so that its end can be foretold. A thread of its own, of low priority,
 * goes through the volume before the walk does and only asks for sizes. It begins late, so that a short run is not counted at all,
 * and takes little memory. Nothing depends on it: what it cannot see it passes over, and if it fails the total stays unknown.
 */
final class CountAhead implements AutoCloseable {
    /** A display foretells nothing earlier anyway. */
    static final Duration LAG = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(CountAhead.class);
    private static final int WINDOW_BYTES = 2 << 20;
    private static final int TOLD_EVERY = 1024;

    private final FileSystemView view;
    private final PathFilter filter;
    private final Progress progress;
    private final Duration lag;
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean begun;
    private long files;
    private long bytes;

    CountAhead(FileSystemView view, PathFilter filter, Progress progress, Duration lag) {
        this.view = view;
        this.filter = filter;
        this.progress = progress;
        this.lag = lag;
    }

    /** Begins in the folder {@code root}, unless it did before or nobody would see it. */
    synchronized void begin(Path root) {
        if (begun || !progress.wantsTotal()) {
            return;
        }
        begun = true;
        Thread thread = new Thread(() -> run(root), "count-ahead");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Path root) {
        try {
            if (!ended.await(lag.toNanos(), TimeUnit.NANOSECONDS)) {
                view.standBack();
                count(root);
            }
        } catch (FileAccessException | RuntimeException e) {
            LOG.debug("the total stays unknown", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void count(Path root) throws FileAccessException {
        Directory opened = view.openRoot(root);
        try (opened;
                Descent descent = new Descent(opened, WINDOW_BYTES, CountAhead::passOver)) {
            long seen = 0;
            while (ended.getCount() > 0 && descent.advance()) {
                look(descent);
                if (++seen % TOLD_EVERY == 0) {
                    tell(false);
                }
            }
        }
        tell(true);
    }

    private void look(Descent descent) {
        if (!descent.folder().mayHave(descent.name())) {
            return;
        }
        EntryPath path = descent.folder().child(descent.name());
        try {
            Status status = descent.directory().status(descent.name());
            if (filter.excluded(path.toBytes(), status.isDirectory())
                    || TemporaryName.isLeftover(descent.name(), status)) {
                return;
            }
            if (status.isDirectory()) {
                descent.enter();
            } else if (status.isFile()) {
                files++;
                bytes += status.size();
            }
        } catch (FileAccessException e) {
            passOver(path, e);
        }
    }

    private static void passOver(EntryPath path, FileAccessException e) {
        LOG.debug("not counted: '{}'", path, e);
    }

    private synchronized void tell(boolean whole) {
        if (ended.getCount() == 0) {
            return;
        }
        if (whole) {
            progress.total(files, bytes);
        } else {
            progress.atLeast(files, bytes);
        }
    }

    /** Stops counting; from now on nothing is told. */
    @Override
    public synchronized void close() {
        ended.countDown();
    }
}
