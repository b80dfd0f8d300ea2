package dev.holdfast.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;

/**
 * How far a run is and how fast it goes. Adding is cheap and safe from any thread; the rate is the moving average over the last
 * half minute, so that neither a burst at the start nor a short stall makes nonsense of the time left.
 */
final class ProgressMeter {
    private static final Duration WINDOW = Duration.ofSeconds(30);
    /** Before this much time has been watched an estimate would only jump about. */
    private static final Duration FIRST_ESTIMATE = Duration.ofSeconds(2);

    /** What comes after the last byte, such as the commit, takes its time too. */
    private static final double NEARLY_ALL = 0.999;

    private record Sample(Instant at, long bytes) {}

    private final InstantSource clock;
    private final Instant started;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private final LongAdder files = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder transferred = new LongAdder();
    private volatile long totalFiles;
    private volatile long totalBytes;
    private volatile boolean counting;
    private volatile boolean ended;
    private volatile String phase = "";
    private volatile String current = "";

    ProgressMeter(InstantSource clock) {
        this.clock = clock;
        this.started = clock.instant();
        samples.add(new Sample(started, 0));
    }

    /** The run is over: only now it may be that all is done. */
    void end() {
        ended = true;
    }

    void phase(String name) {
        phase = name;
    }

    void total(long moreFiles, long moreBytes) {
        totalFiles = moreFiles;
        totalBytes = moreBytes;
        counting = false;
    }

    /** So much and perhaps more: enough to tell, too little to foretell from. */
    void atLeast(long someFiles, long someBytes) {
        totalFiles = someFiles;
        totalBytes = someBytes;
        counting = true;
    }

    void advanced(long moreFiles, long moreBytes) {
        files.add(moreFiles);
        bytes.add(moreBytes);
    }

    void transferred(long moreBytes) {
        transferred.add(moreBytes);
    }

    void current(String path) {
        current = path;
    }

    /** Remembers where the run is now; called at each tick, by one thread. */
    void sample() {
        Instant now = clock.instant();
        samples.add(new Sample(now, bytes.sum()));
        // One sample older than the window stays, as its left edge.
        while (samples.size() > 2 && second().at().isBefore(now.minus(WINDOW))) {
            samples.removeFirst();
        }
    }

    private Sample second() {
        var each = samples.iterator();
        each.next();
        return each.next();
    }

    /** Bytes per second lately; empty until there is something to go by. */
    OptionalDouble bytesPerSecond() {
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        Duration span = Duration.between(first.at(), last.at());
        if (span.isZero() || span.isNegative()) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of((last.bytes() - first.bytes()) / seconds(span));
    }

    /** The time left; empty while it cannot be known. */
    Optional<Duration> remaining() {
        OptionalDouble rate = bytesPerSecond();
        long left = totalBytes - bytes.sum();
        if (counting || totalBytes == 0 || rate.isEmpty() || elapsed().compareTo(FIRST_ESTIMATE) < 0) {
            return Optional.empty();
        }
        if (left <= 0) {
            return ended ? Optional.of(Duration.ZERO) : Optional.empty();
        }
        double secondsLeft = left / rate.getAsDouble();
        // A stalled run has no end in sight: infinite, or longer than anybody would believe.
        return secondsLeft < Duration.ofDays(365).toSeconds()
                ? Optional.of(Duration.ofSeconds(Math.max(1, Math.round(secondsLeft))))
                : Optional.empty();
    }

    /** Between 0 and 1; empty while the total is unknown. */
    OptionalDouble fraction() {
        if (counting) {
            return OptionalDouble.empty();
        }
        if (totalBytes > 0) {
            return OptionalDouble.of(Math.min(most(), (double) bytes.sum() / totalBytes));
        }
        if (totalFiles > 0) {
            return OptionalDouble.of(Math.min(most(), (double) files.sum() / totalFiles));
        }
        return OptionalDouble.empty();
    }

    private double most() {
        return ended ? 1.0 : NEARLY_ALL;
    }

    Duration elapsed() {
        return Duration.between(started, clock.instant());
    }

    /** Over the whole run. */
    double averageBytesPerSecond() {
        double seconds = seconds(elapsed());
        return seconds > 0 ? bytes.sum() / seconds : 0;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Whether there is, or was, anything to do. */
    boolean hasBegun() {
        return totalFiles > 0 || totalBytes > 0 || files() > 0 || bytes() > 0 || transferredBytes() > 0;
    }

    long files() {
        return files.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long transferredBytes() {
        return transferred.sum();
    }

    long totalFiles() {
        return counting || totalFiles > 0 ? Math.max(totalFiles, files.sum()) : 0;
    }

    long totalBytes() {
        return counting || totalBytes > 0 ? Math.max(totalBytes, bytes.sum()) : 0;
    }

    /** Of what size the run is, for people; empty while nothing is known. */
    Optional<String> wholeSize() {
        long whole = totalBytes();
        if (whole == 0) {
            return Optional.empty();
        }
        return Optional.of((counting ? "at least " : "") + Sizes.show(whole));
    }

    String phase() {
        return phase;
    }

    String current() {
        return current;
    }
}
