package dev.holdfast.server.trusted;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.store.StoredKeys;
import dev.holdfast.server.store.RealmStore;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies trusted realms, on one thread of low priority, while no backup is under way. The realm key is in memory only meanwhile. */
public final class BackgroundVerification implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackgroundVerification.class);
    private static final long EVERY_MILLIS = 2_000;
    private static final long LETTING_GO_SECONDS = 30;

    private final String server;
    private final StoredKeys keys;
    private final Repository repository;
    private final Supplier<List<String>> trustedRealms;
    private final BooleanSupplier idle;
    private final Map<String, Verifier> verifiers = new HashMap<>();
    /** What was left unproven last time: no reason to open the key again until that changes. */
    private final Map<String, List<RealmStore.Unverified>> left = new HashMap<>();

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(BackgroundVerification::thread);

    private volatile boolean closed;

    private BackgroundVerification(
            String server,
            StoredKeys keys,
            Repository repository,
            Supplier<List<String>> trustedRealms,
            BooleanSupplier idle) {
        this.server = server;
        this.keys = keys;
        this.repository = repository;
        this.trustedRealms = trustedRealms;
        this.idle = idle;
    }

    /**
     * Begins to look for work every two seconds.
     *
     * @param keys with the secrets of {@code server} and the keyrings of the trusted realms
     */
    public static BackgroundVerification start(
            String server,
            StoredKeys keys,
            Repository repository,
            Supplier<List<String>> trustedRealms,
            BooleanSupplier idle) {
        BackgroundVerification work = new BackgroundVerification(server, keys, repository, trustedRealms, idle);
        var unused =
                work.timer.scheduleWithFixedDelay(work::verifyAll, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return work;
    }

    /** Correctness does not depend on the priority; it only lets restores go first where the system heeds it. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "holdfast-verify");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        return thread;
    }

    private void verifyAll() {
        for (String realm : trustedRealms.get()) {
            try {
                if (mayGoOn()) {
                    verify(realm);
                }
            } catch (IOException | RuntimeException e) {
                // An exception would end the timer, and with it all verification, in silence.
                log.error("verification of realm '{}' failed", realm, e);
            }
        }
    }

    private boolean mayGoOn() {
        return !closed && idle.getAsBoolean();
    }

    private void verify(String realm) throws IOException {
        RealmStore store = repository.realm(realm);
        List<RealmStore.Unverified> waiting = store.unverified();
        if (waiting.isEmpty() || waiting.equals(left.get(realm))) {
            return;
        }
        try (RealmKey key = keys.realmKey(realm, server)) {
            long proven = verifiers
                    .computeIfAbsent(realm, name -> new Verifier(store))
                    .run(key, this::mayGoOn);
            if (proven > 0) {
                log.info("{} objects of realm '{}' verified: they are offered to all its hosts now", proven, realm);
            }
        } catch (KeyException e) {
            log.warn("realm '{}' is `server: trusted`, but its key does not open here: {}", realm, e.getMessage());
        }
        if (mayGoOn()) {
            left.put(realm, store.unverified());
        }
    }

    /** Returns when the store is not used any more. */
    @Override
    public void close() {
        closed = true;
        timer.shutdown();
        try {
            if (!timer.awaitTermination(LETTING_GO_SECONDS, TimeUnit.SECONDS)) {
                log.warn("the verification does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
