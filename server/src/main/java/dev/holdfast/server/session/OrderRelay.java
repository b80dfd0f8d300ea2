package dev.holdfast.server.session;

import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;

/**
 * Tells an operator how an order goes. What cannot be sent at once is put off, in little room: of progress only the last counts, and of
 * notices only so many are kept. So an operator who does not listen holds up nobody.
 */
final class OrderRelay implements FleetDesk.Customer {
    private static final int MOST_NOTICES = 64;

    private final FrameWriter writer;
    private final Queue<OrderProgress> notices = new ArrayDeque<>();
    private Optional<OrderProgress> latest = Optional.empty();
    private Optional<OrderEnd> end = Optional.empty();
    private boolean abandoned;
    private boolean told;

    OrderRelay(FrameWriter writer) {
        this.writer = writer;
    }

    void start(UUID order) {
        Thread thread = new Thread(this::run, "order-" + order);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            for (Optional<Message> next = next(); next.isPresent(); next = next()) {
                writer.writeNow(next.get());
            }
        } catch (IOException e) {
            abandon(); // the operator has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Optional<Message> next() throws InterruptedException {
        while (!abandoned && !told) {
            OrderProgress notice = notices.poll();
            if (notice != null) {
                return Optional.of(new Message.OrderAdvanced(notice));
            }
            if (latest.isPresent()) {
                Message message = new Message.OrderAdvanced(latest.get());
                latest = Optional.empty();
                return Optional.of(message);
            }
            if (end.isPresent()) {
                told = true;
                return Optional.of(new Message.OrderEnded(end.get()));
            }
            wait();
        }
        return Optional.empty();
    }

    @Override
    public synchronized void advanced(OrderProgress progress) {
        if (progress.notice().isEmpty()) {
            latest = Optional.of(progress);
        } else if (notices.size() < MOST_NOTICES) {
            notices.add(progress);
        }
        notifyAll();
    }

    @Override
    public synchronized void ended(OrderEnd what) {
        if (end.isEmpty()) {
            end = Optional.of(what);
        }
        notifyAll();
    }

    synchronized void abandon() {
        abandoned = true;
        notifyAll();
    }

    synchronized boolean isOver() {
        return end.isPresent() || abandoned;
    }
}
