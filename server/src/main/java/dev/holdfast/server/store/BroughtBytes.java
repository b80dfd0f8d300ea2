package dev.holdfast.server.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much has been brought, counted as it comes: by each host, so that all its open sessions draw on one quota, and in each backup run, over
 * all its connections. A run whose line broke comes back with the same id, perhaps before the session that lost it has noticed. Runs are
 * kept in memory only: a restart of the server begins them anew.
 */
final class BroughtBytes {
    /** Runs that never come back are forgotten when there are this many. */
    private static final int REMEMBERED_RUNS = 1024;

    private record Run(String host, UUID id) {}

    private final Map<String, AtomicLong> byHost = new ConcurrentHashMap<>();
    private final Map<Run, AtomicLong> byRun = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Run, AtomicLong> eldest) {
            return size() > REMEMBERED_RUNS;
        }
    };

    void add(String host, long bytes) {
        byHost.computeIfAbsent(host, name -> new AtomicLong()).addAndGet(bytes);
    }

    long of(String host) {
        AtomicLong bytes = byHost.get(host);
        return bytes == null ? 0 : bytes.get();
    }

    /** What all sessions of this run count with. */
    AtomicLong inRun(String host, UUID run) {
        synchronized (byRun) {
            return byRun.computeIfAbsent(new Run(host, run), key -> new AtomicLong());
        }
    }

    /** It has made its snapshot. */
    void committed(String host, UUID run) {
        synchronized (byRun) {
            byRun.remove(new Run(host, run));
        }
    }
}
