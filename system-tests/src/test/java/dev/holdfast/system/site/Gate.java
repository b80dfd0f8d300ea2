package dev.holdfast.system.site;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lets bytes of one direction pass, and stops them at a point that a test has chosen. */
final class Gate {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<Integer> pieces = new ArrayList<>();
    private long passed;
    private long closesAt = Long.MAX_VALUE;
    private boolean reached;

    synchronized long passed() {
        return passed;
    }

    /** The sizes of what passed at once, the first first. */
    synchronized List<Integer> pieces() {
        return List.copyOf(pieces);
    }

    /** Nothing passes any more when so many more bytes have. */
    synchronized void holdAfter(long bytes) {
        closesAt = passed + bytes;
        reached = false;
    }

    /** Returns in the moment that the point is reached: whoever works at either end still does. */
    synchronized void awaitHold() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!reached) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("only " + passed + " bytes have passed, not " + closesAt);
            }
            wait(left);
        }
    }

    synchronized void release() {
        closesAt = Long.MAX_VALUE;
        notifyAll();
    }

    synchronized void pass(int bytes) throws InterruptedException {
        passed += bytes;
        pieces.add(bytes);
        while (passed >= closesAt) {
            reached = true;
            notifyAll();
            wait();
        }
    }
}
