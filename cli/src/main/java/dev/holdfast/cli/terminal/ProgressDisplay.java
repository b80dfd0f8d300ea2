package dev.holdfast.cli.terminal;

import dev.holdfast.core.progress.Progress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows a run while it goes on. The run's threads only add to the {@link ProgressMeter}; drawing is done by one thread of the
 * display, so that watching costs the run nothing. On stderr, always: stdout belongs to results.
 */
public final class ProgressDisplay implements Progress, AutoCloseable {
    /** How a run is shown. */
    public enum Style {
        /** One line, redrawn. */
        BAR(Duration.ofMillis(200)),
        /** A line once there is work, every ten per cent or five minutes, and at the end. */
        LINES(Duration.ofSeconds(1)),
        /** Objects of type {@code status}. */
        JSON(Duration.ofSeconds(1)),
        NONE(Duration.ZERO);

        private final Duration interval;

        Style(Duration interval) {
            this.interval = interval;
        }
    }

    /** Draws what a meter says. */
    interface Painter {
        /** Time has passed. */
        void tick();

        void notice(String message);

        /** The run is over; {@code complete} when it came to its end. */
        void end(boolean complete);
    }

    private final ProgressMeter meter;
    private final Painter painter;
    private final ScheduledExecutorService ticker;
    private final boolean shown;
    private volatile boolean complete;

    private ProgressDisplay(ProgressMeter meter, Painter painter, ScheduledExecutorService ticker, boolean shown) {
        this.meter = meter;
        this.painter = painter;
        this.ticker = ticker;
        this.shown = shown;
    }

    /** Begins to show the run named by its verb, such as {@code "backup"}. */
    public static ProgressDisplay start(String verb, Style style, Terminal terminal, InstantSource clock) {
        ProgressMeter meter = new ProgressMeter(clock);
        return start(painter(verb, style, terminal, meter), style, meter);
    }

    /** The same for what is only a preparation: lines, if it is lines, tell of long work and of trouble alone. */
    public static ProgressDisplay startQuietly(String verb, Style style, Terminal terminal, InstantSource clock) {
        ProgressMeter meter = new ProgressMeter(clock);
        Painter painter = style == Style.LINES
                ? ProgressLines.ofPreparation(verb, terminal, meter)
                : painter(verb, style, terminal, meter);
        return start(painter, style, meter);
    }

    private static ProgressDisplay start(Painter painter, Style style, ProgressMeter meter) {
        ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
        ProgressDisplay display = new ProgressDisplay(meter, painter, ticker, style != Style.NONE);
        if (!style.interval.isZero()) {
            long every = style.interval.toMillis();
            var unused = ticker.scheduleWithFixedDelay(display::tick, every, every, TimeUnit.MILLISECONDS);
        }
        return display;
    }

    private static Painter painter(String verb, Style style, Terminal terminal, ProgressMeter meter) {
        return switch (style) {
            case BAR -> new ProgressBar(terminal, meter);
            case LINES -> ProgressLines.ofRun(verb, terminal, meter);
            case JSON -> new ProgressJson(terminal, meter);
            case NONE -> new NoProgress();
        };
    }

    private void tick() {
        synchronized (painter) {
            meter.sample();
            painter.tick();
        }
    }

    @Override
    public void phase(String name) {
        meter.phase(name);
    }

    @Override
    public void total(long files, long bytes) {
        meter.total(files, bytes);
    }

    @Override
    public void atLeast(long files, long bytes) {
        meter.atLeast(files, bytes);
    }

    @Override
    public boolean wantsTotal() {
        return shown;
    }

    @Override
    public void advanced(long files, long bytes) {
        meter.advanced(files, bytes);
    }

    @Override
    public void transferred(long bytes) {
        meter.transferred(bytes);
    }

    @Override
    public void current(String path) {
        meter.current(path);
    }

    @Override
    public void notice(String message) {
        synchronized (painter) {
            painter.notice(message);
        }
    }

    /** The run has come to its end: what {@link #close} finds not complete was broken off. */
    public void complete() {
        complete = true;
    }

    /** Takes the line away, or writes the last one. */
    @Override
    public void close() {
        ticker.shutdownNow();
        synchronized (painter) {
            meter.sample();
            meter.end();
            painter.end(complete);
        }
    }

    private static final class NoProgress implements Painter {
        @Override
        public void tick() {}

        @Override
        public void notice(String message) {}

        @Override
        public void end(boolean complete) {}
    }
}
