package dev.holdfast.server.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts connections that have not logged in, together and by address, and keeps those away that only ever fail: each
 * connection that ends without a login costs its address some seconds of penalty, which time pays back; above a threshold
 * the address is refused at once, before any cryptography. A successful login clears it, so a person who mistypes is not
 * shut out. An IPv6 client counts by its /64, since it owns all of that.
 */
final class Doorkeeper {
    /** How a connection's time as a stranger ended. */
    enum End {
        LOGGED_IN(0),
        GAVE_UP(1),
        FAILED_LOGIN(5);

        private final long penaltySeconds;

        End(long penaltySeconds) {
            this.penaltySeconds = penaltySeconds;
        }
    }

    private static final long REFUSED_ABOVE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long HIGHEST_PENALTY_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int REMEMBERED_ADDRESSES = 10_000;

    private static final class Caller {
        int strangers;
        long penaltyUntilNanos;

        Caller(long nowNanos) {
            penaltyUntilNanos = nowNanos;
        }
    }

    private final int strangersTogether;
    private final int strangersPerAddress;
    private final LongSupplier nanoClock;
    private final Map<String, Caller> callers = new HashMap<>();
    private int strangers;

    Doorkeeper(int strangersTogether, int strangersPerAddress, LongSupplier nanoClock) {
        this.strangersTogether = strangersTogether;
        this.strangersPerAddress = strangersPerAddress;
        this.nanoClock = nanoClock;
    }

    /** Counts the connection in, or says why not. Each admitted one must {@link #leave} exactly once. */
    synchronized Optional<String> admit(InetAddress address) {
        long now = nanoClock.getAsLong();
        if (strangers >= strangersTogether) {
            return Optional.of("too many connections that have not logged in");
        }
        if (callers.size() >= REMEMBERED_ADDRESSES) {
            forgetTheInnocent(now);
        }
        Caller caller = callers.computeIfAbsent(keyOf(address), any -> new Caller(now));
        if (caller.strangers >= strangersPerAddress) {
            return Optional.of("too many connections from this address that have not logged in");
        }
        if (caller.penaltyUntilNanos - now > REFUSED_ABOVE_NANOS) {
            return Optional.of("too many failed logins from this address");
        }
        caller.strangers++;
        strangers++;
        return Optional.empty();
    }

    synchronized void leave(InetAddress address, End how) {
        long now = nanoClock.getAsLong();
        strangers--;
        String key = keyOf(address);
        Caller caller = callers.get(key);
        if (caller == null) {
            return;
        }
        caller.strangers--;
        if (how == End.LOGGED_IN) {
            caller.penaltyUntilNanos = now;
        } else {
            long base = Math.max(0, caller.penaltyUntilNanos - now);
            caller.penaltyUntilNanos =
                    now + Math.min(HIGHEST_PENALTY_NANOS, base + TimeUnit.SECONDS.toNanos(how.penaltySeconds));
        }
        if (caller.strangers == 0 && caller.penaltyUntilNanos - now <= 0) {
            callers.remove(key);
        }
    }

    synchronized int strangers() {
        return strangers;
    }

    private void forgetTheInnocent(long now) {
        for (Iterator<Caller> all = callers.values().iterator(); all.hasNext(); ) {
            Caller caller = all.next();
            if (caller.strangers == 0 && caller.penaltyUntilNanos - now <= REFUSED_ABOVE_NANOS) {
                all.remove();
            }
        }
    }

    private static String keyOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        return Arrays.toString(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }
}
