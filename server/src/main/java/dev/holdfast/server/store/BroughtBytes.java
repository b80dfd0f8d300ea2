package dev.holdfast.server.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How much each host has brought, counted as it comes, so that all open sessions of a host draw on one quota. */
final class BroughtBytes {
    private final Map<String, AtomicLong> byHost = new ConcurrentHashMap<>();

    void add(String host, long bytes) {
        byHost.computeIfAbsent(host, name -> new AtomicLong()).addAndGet(bytes);
    }

    long of(String host) {
        AtomicLong bytes = byHost.get(host);
        return bytes == null ? 0 : bytes.get();
    }
}
