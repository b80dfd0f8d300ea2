package dev.holdfast.agent.fleet;

import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;

/**
 * What is to be told to one server over one connection. Putting something in never waits; of progress only the last of each order is
 * kept, and of all else as much as a server can be behind by. What does not fit is told again with the next connection, or lost where
 * it was only a notice.
 */
final class Outbox {
    private static final int MOST = 1024;

    private final Queue<Message> messages = new ArrayDeque<>();
    private final Map<UUID, OrderProgress> progress = new LinkedHashMap<>();
    private boolean announce = true;
    private boolean restores;
    private Optional<IOException> end = Optional.empty();

    /** The schedule has changed. */
    synchronized void announce() {
        announce = true;
        notifyAll();
    }

    /** What is restored on this host is not what it was. */
    synchronized void restores() {
        restores = true;
        notifyAll();
    }

    void report(RunReport report) {
        put(new Message.Report(report));
    }

    synchronized void advanced(OrderProgress far) {
        if (far.notice().isEmpty()) {
            progress.put(far.order(), far);
            notifyAll();
        } else {
            put(new Message.OrderAdvanced(far));
        }
    }

    synchronized void ended(OrderEnd end) {
        Optional.ofNullable(progress.remove(end.order())).ifPresent(last -> put(new Message.OrderAdvanced(last)));
        put(new Message.OrderEnded(end));
    }

    private synchronized void put(Message message) {
        if (messages.size() < MOST || message instanceof Message.OrderEnded) {
            messages.add(message);
            notifyAll();
        }
    }

    /** Makes what is told as it is at the moment of telling. */
    interface State {
        Message schedule();

        Message restores();
    }

    /** Waits for what is to be told next; empty when nothing more will be. */
    synchronized Optional<Message> next(State state) throws InterruptedException {
        while (end.isEmpty()) {
            if (announce) {
                announce = false;
                return Optional.of(state.schedule());
            }
            if (restores) {
                restores = false;
                return Optional.of(state.restores());
            }
            Message message = messages.poll();
            if (message != null) {
                return Optional.of(message);
            }
            Iterator<OrderProgress> latest = progress.values().iterator();
            if (latest.hasNext()) {
                OrderProgress far = latest.next();
                latest.remove();
                return Optional.of(new Message.OrderAdvanced(far));
            }
            wait();
        }
        return Optional.empty();
    }

    /** The conversation is over. */
    synchronized void close(IOException why) {
        end = end.or(() -> Optional.of(why));
        notifyAll();
    }

    synchronized void rethrow() throws IOException {
        if (end.isPresent()) {
            throw end.get();
        }
    }
}
