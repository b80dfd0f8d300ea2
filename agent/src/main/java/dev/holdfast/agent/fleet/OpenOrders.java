package dev.holdfast.agent.fleet;

import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** The orders that this host carries out or has still before it, and how each can be stopped. */
final class OpenOrders {
    private static final int MOST = 4;

    private final String host;
    private final Map<UUID, Open> orders = new LinkedHashMap<>();

    /**
     * One of them.
     *
     * @param server through which it came
     * @param watcher who looks on at whoever gave it
     */
    record Open(
            Order order, String server, OrderWatcher watcher, Runnable cancellation, CompletableFuture<OrderEnd> end) {
        Open(Order order, String server, OrderWatcher watcher, Runnable cancellation) {
            this(order, server, watcher, cancellation, new CompletableFuture<>());
        }

        /** Whether it reads that volume, or writes to it. */
        boolean concerns(String volume) {
            return volume.equals(order.volume()) || volume.equals(order.what().toVolume());
        }
    }

    OpenOrders(String host) {
        this.host = host;
    }

    synchronized void requireRoom(UUID fresh) {
        if (orders.size() >= MOST || orders.containsKey(fresh)) {
            throw Problem.of(
                            ProblemCode.BUSY,
                            "host '" + host + "' has " + orders.size() + " orders to carry out already",
                            "Wait for one of them to end, or `holdfast cancel " + host + ":VOLUME` one.")
                    .asException();
        }
    }

    synchronized void add(Open open) {
        orders.put(open.order.id(), open);
    }

    synchronized Optional<Open> find(UUID order) {
        return Optional.ofNullable(orders.get(order));
    }

    synchronized List<Open> all() {
        return List.copyOf(orders.values());
    }

    /** It has ended in that way, or was never begun. */
    void ended(OrderEnd end) {
        Optional<Open> open;
        synchronized (this) {
            open = Optional.ofNullable(orders.remove(end.order()));
        }
        open.ifPresent(one -> one.end.complete(end));
    }
}
