package dev.holdfast.server.transport;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who did not get in, and why: one line for each, until there are too many of them in a minute. Then they are only counted, so that
 * nobody can fill the disk from outside; the count is told with the first line after that minute, or at the end.
 */
final class StrangerLog {
    static final int LINES_PER_MINUTE = 30;
    private static final int LONGEST_CLAIM = 64;
    private static final int REMEMBERED_ADDRESSES = 10_000;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Logger log = LoggerFactory.getLogger(StrangerLog.class);

    private final LongSupplier nanoClock;
    private final Set<InetAddress> untold = new HashSet<>();
    private long untoldCount;
    private long minuteBegan;
    private int lines;

    StrangerLog(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.minuteBegan = nanoClock.getAsLong();
    }

    /** Somebody was not let in, or has gone without having logged in. */
    synchronized void notIn(InetAddress address, String who, String why) {
        long now = nanoClock.getAsLong();
        if (now - minuteBegan >= MINUTE_NANOS) {
            tellTheRest();
            minuteBegan = now;
            lines = 0;
        }
        if (lines < LINES_PER_MINUTE) {
            lines++;
            log.info("{} did not get in: {}", who, why);
        } else {
            untoldCount++;
            if (untold.size() < REMEMBERED_ADDRESSES) {
                untold.add(address);
            }
        }
    }

    /** Tells of those who were only counted. */
    synchronized void tellTheRest() {
        if (untoldCount > 0) {
            log.info(
                    "{} did not get in, from {}",
                    untoldCount == 1 ? "1 more stranger" : untoldCount + " more strangers",
                    untold.size() == 1 ? "1 address" : untold.size() + " addresses");
            untoldCount = 0;
            untold.clear();
        }
    }

    /** What a stranger says of itself, so that it can neither break a line nor pass for our words. */
    static String quoted(String claim) {
        StringBuilder safe = new StringBuilder("'");
        claim.codePoints().limit(LONGEST_CLAIM).forEach(point -> {
            if (point >= ' ' && point <= '~' && point != '\'' && point != '\\') {
                safe.append((char) point);
            } else {
                safe.append(String.format(Locale.ROOT, "\\u%04x", point));
            }
        });
        return safe.append(claim.codePoints().count() > LONGEST_CLAIM ? "...'" : "'")
                .toString();
    }
}
