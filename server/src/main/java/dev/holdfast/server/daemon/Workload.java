package dev.holdfast.server.daemon;

import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.session.Activity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is being backed up right now. */
final class Workload implements Activity {
    record Running(String host, String volume, Instant since) {}

    private final InstantSource clock;
    private final List<Running> running = new CopyOnWriteArrayList<>();

    Workload(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void began(String host, String volume) {
        running.add(new Running(host, volume, clock.instant()));
    }

    @Override
    public void committed(SnapshotRecord record) {}

    @Override
    public synchronized void ended(String host, String volume) {
        for (Running one : running) {
            if (one.host.equals(host) && one.volume.equals(volume)) {
                running.remove(one);
                break;
            }
        }
        notifyAll();
    }

    List<Running> running() {
        return new ArrayList<>(running);
    }

    /** Waits until nothing is under way, at most so long; whether it came to that. */
    synchronized boolean awaitIdle(long millis) throws InterruptedException {
        long deadline = clock.millis() + millis;
        while (!running.isEmpty()) {
            long left = deadline - clock.millis();
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
