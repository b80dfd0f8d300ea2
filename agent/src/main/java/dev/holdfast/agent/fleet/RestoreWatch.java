package dev.holdfast.agent.fleet;

import dev.holdfast.agent.marker.UnfinishedRestore;
import dev.holdfast.core.problem.HoldfastException;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when a restore begins or ends on this host, whichever process it is of: markers give no sign, so they are looked at every few
 * seconds.
 */
final class RestoreWatch implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(RestoreWatch.class);
    private static final long LOOK_EVERY_SECONDS = 3;

    private final Path state;
    private final Runnable changed;
    private volatile List<UnfinishedRestore> seen = List.of();
    private volatile String trouble = "";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "holdfast-restores");
        thread.setDaemon(true);
        return thread;
    });

    private RestoreWatch(Path state, Runnable changed) {
        this.state = state;
        this.changed = changed;
    }

    /** {@code changed} is told from another thread, and must return soon. */
    static RestoreWatch start(Path state, Runnable changed) {
        RestoreWatch watch = new RestoreWatch(state, changed);
        watch.look();
        var unused = watch.timer.scheduleWithFixedDelay(
                watch::look, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
        return watch;
    }

    /** As they were at the last look. */
    List<UnfinishedRestore> seen() {
        return seen;
    }

    private void look() {
        try {
            List<UnfinishedRestore> now = UnfinishedRestore.in(state);
            trouble = "";
            if (!now.equals(seen)) {
                seen = now;
                changed.run();
            }
        } catch (HoldfastException e) {
            if (!trouble.equals(e.problem().message())) {
                trouble = e.problem().message();
                log.warn("servers are not told of restores: {}", trouble);
            }
        } catch (RuntimeException e) {
            log.error("looking after restores failed", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
