package dev.holdfast.core.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Notices within half a second that the configuration file or a public key changed. It looks at sizes and times instead of asking
 * the kernel for events: those are lost on network mounts and when a file is replaced by rename.
 */
public final class ConfigurationWatch implements AutoCloseable {
    private static final long EVERY_MILLIS = 400;
    private static final long LETTING_GO_SECONDS = 5;

    private final Path configuration;
    private final Path keys;
    private final Runnable changed;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "holdfast-watch");
        thread.setDaemon(true);
        return thread;
    });
    private String seen;

    private ConfigurationWatch(Path configuration, Path keys, Runnable changed) {
        this.configuration = configuration;
        this.keys = keys;
        this.changed = changed;
        this.seen = look();
    }

    public static ConfigurationWatch start(Path configuration, Path keys, Runnable changed) {
        ConfigurationWatch watch = new ConfigurationWatch(configuration, keys, changed);
        var unused =
                watch.timer.scheduleWithFixedDelay(watch::check, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    private void check() {
        String now = look();
        if (!now.equals(seen)) {
            seen = now;
            changed.run();
        }
    }

    private String look() {
        StringBuilder signs = new StringBuilder(sign(configuration));
        if (Files.isDirectory(keys)) {
            try (Stream<Path> files = Files.walk(keys, 3)) {
                files.sorted().forEach(file -> signs.append(sign(file)));
            } catch (IOException | UncheckedIOException e) {
                signs.append(e.getMessage());
            }
        }
        return signs.toString();
    }

    private static String sign(Path file) {
        try {
            return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file) + "\n";
        } catch (IOException e) {
            return file + " missing\n";
        }
    }

    /** Returns when a reload that had begun is over. */
    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(LETTING_GO_SECONDS, TimeUnit.SECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
