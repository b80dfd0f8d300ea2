package dev.holdfast.agent.fleet;

import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A session in which somebody asks how backups stand, or orders work on a host. One question at a time; any thread may cancel. */
public final class OperatorLink implements Closeable {
    private static final int OLDEST_PROTOCOL = 3;
    private static final int NEWEST_PROTOCOL = 6;

    private final ByteLink link;
    private final FrameReader reader;
    private final FrameWriter writer;

    private OperatorLink(ByteLink link, FrameReader reader, FrameWriter writer) {
        this.link = link;
        this.reader = reader;
        this.writer = writer;
    }

    /** Introduces itself over a fresh connection; closes {@code link} if that fails. */
    public static OperatorLink open(ByteLink link, String software, long nowMillis) {
        OperatorLink opened = new OperatorLink(link, new FrameReader(link), new FrameWriter(link));
        try {
            opened.say(new Message.Hello(OLDEST_PROTOCOL, NEWEST_PROTOCOL, software, nowMillis));
            if (opened.hear() instanceof Message.Welcome welcome
                    && welcome.protocol() >= OLDEST_PROTOCOL
                    && welcome.protocol() <= NEWEST_PROTOCOL) {
                return opened;
            }
            throw opened.unexpected("its greeting");
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * How the backups stand of which the asker may know, and which restores have not come to their end; {@code at} is the server's
     * clock, by which all times are.
     */
    public record Standing(List<VolumeStatus> volumes, List<RestoreStatus> restores, Instant at) {
        public Standing {
            volumes = List.copyOf(volumes);
            restores = List.copyOf(restores);
        }
    }

    /** Empty {@code host} or {@code volume} means any. */
    public Standing status(String host, String volume) {
        say(new Message.AskFleet(host, volume));
        List<VolumeStatus> volumes = new ArrayList<>();
        List<RestoreStatus> restores = new ArrayList<>();
        while (true) {
            Message message = hear();
            if (message instanceof Message.FleetItem item) {
                volumes.add(item.status());
            } else if (message instanceof Message.RestoreItem item) {
                restores.add(item.status());
            } else if (message instanceof Message.FleetEnd end && end.count() == volumes.size() + restores.size()) {
                return new Standing(volumes, restores, Instant.ofEpochMilli(end.nowMillis()));
            } else {
                throw unexpected("its answer");
            }
        }
    }

    /** Gives an order and waits for its end. */
    public OrderEnd give(Order order, Progress progress) {
        say(new Message.GiveOrder(order));
        Steps steps = new Steps(progress);
        while (true) {
            Message message = hear();
            if (message instanceof Message.OrderAdvanced advanced
                    && advanced.progress().order().equals(order.id())) {
                steps.told(advanced.progress());
            } else if (message instanceof Message.OrderEnded ended
                    && ended.end().order().equals(order.id())) {
                return ended.end();
            } else {
                throw unexpected("its answer");
            }
        }
    }

    /** The order is not wanted any more; {@link #give} returns when the host has stopped. */
    public void cancel(Order order) {
        say(new Message.CancelOrder(order.id()));
    }

    /** What is told as a state, as steps for whoever watches here. */
    private static final class Steps {
        private final Progress progress;
        private OrderProgress before;

        Steps(Progress progress) {
            this.progress = progress;
            this.before = new OrderProgress(new UUID(0, 0), "", 0, 0, 0, 0, "");
        }

        void told(OrderProgress now) {
            if (!now.notice().isEmpty()) {
                progress.notice(now.notice());
            }
            if (!now.phase().equals(before.phase())) {
                progress.phase(now.phase());
            }
            if (now.totalFiles() != before.totalFiles() || now.totalBytes() != before.totalBytes()) {
                progress.total(now.totalFiles(), now.totalBytes());
            }
            progress.advanced(Math.max(0, now.files() - before.files()), Math.max(0, now.bytes() - before.bytes()));
            before = now;
        }
    }

    private void say(Message message) {
        try {
            writer.writeNow(message);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private Message hear() {
        try {
            Message message = reader.read();
            if (message instanceof Message.Failure failure) {
                throw Problem.of(failure.code(), failure.message(), failure.hint())
                        .asException();
            }
            return message;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private HoldfastException broken(IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.UNREACHABLE,
                        "the connection to " + link.peer() + " broke: " + e.getMessage(),
                        "What was ordered goes on; `holdfast status` shows what comes of it."),
                e);
    }

    private HoldfastException unexpected(String what) {
        return Problem.of(
                        ProblemCode.PROTOCOL,
                        link.peer() + " broke the protocol with " + what,
                        "Install the same version of Holdfast on both machines.")
                .asException();
    }

    @Override
    public void close() {
        try {
            if (!Thread.currentThread().isInterrupted()) {
                writer.writeNow(new Message.Bye());
            }
            link.close();
        } catch (IOException e) {
            // The peer is gone already.
        }
    }
}
