package dev.holdfast.agent.fleet;

import dev.holdfast.agent.transport.SshConnection;
import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session with one server that stays open: one thread tells, another listens. It begins anew with each connection, and then says
 * everything again that the server may have missed.
 */
final class StandingSession {
    private static final Logger log = LoggerFactory.getLogger(StandingSession.class);
    /** The first protocol in which there is something to say here. */
    private static final int OLDEST_PROTOCOL = 3;
    /** The first one in which restores are told of. */
    private static final int RESTORES_PROTOCOL = 5;

    private final String server;
    private final String software;
    private final InstantSource clock;
    private final Function<String, Announcements> announcements;
    private final OrderTaker orders;
    private volatile Optional<Outbox> outbox = Optional.empty();
    private volatile boolean hearsOfRestores;

    /** Takes what the server passes on. */
    interface OrderTaker {
        void take(String server, Message message, Outbox answers);
    }

    StandingSession(
            String server,
            String software,
            InstantSource clock,
            Function<String, Announcements> announcements,
            OrderTaker orders) {
        this.server = server;
        this.software = software;
        this.clock = clock;
        this.announcements = announcements;
        this.orders = orders;
    }

    /** The schedule has changed. */
    void changed() {
        outbox.ifPresent(Outbox::announce);
    }

    /** What is restored on this host is not what it was. */
    void restoresChanged() {
        if (hearsOfRestores) {
            outbox.ifPresent(Outbox::restores);
        }
    }

    void report(RunReport report) {
        outbox.ifPresent(box -> box.report(report));
    }

    /**
     * Holds the session over a connection until it ends; returns at once when the server is of a version that has no such sessions.
     *
     * @throws HoldfastException with what the server said or did that ended it
     */
    void hold(SshConnection connection) {
        try (SshLink link = connection.channel()) {
            FrameReader reader = new FrameReader(link);
            FrameWriter writer = new FrameWriter(link);
            if (greeted(reader, writer)) {
                converse(link, reader, writer);
            }
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.UNREACHABLE,
                            "the connection to server '" + server + "' broke: " + e.getMessage(),
                            "It is made again by itself."),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean greeted(FrameReader reader, FrameWriter writer) throws IOException {
        writer.writeNow(new Message.Hello(OLDEST_PROTOCOL, RESTORES_PROTOCOL, software, clock.millis()));
        Message first = reader.read();
        if (first instanceof Message.Welcome welcome
                && welcome.protocol() >= OLDEST_PROTOCOL
                && welcome.protocol() <= RESTORES_PROTOCOL) {
            hearsOfRestores = welcome.protocol() >= RESTORES_PROTOCOL;
            return true;
        }
        if (first instanceof Message.Failure failure && failure.code() == ProblemCode.PROTOCOL) {
            log.info("server '{}' is of an older version: it is not told of the schedule", server);
            return false;
        }
        throw ended(first);
    }

    private HoldfastException ended(Message message) {
        return message instanceof Message.Failure failure
                ? Problem.of(failure.code(), failure.message(), failure.hint()).asException()
                : Problem.of(
                                ProblemCode.PROTOCOL,
                                "server '" + server + "' broke the protocol: a "
                                        + message.getClass().getSimpleName() + " was not asked for",
                                "Install the same version of Holdfast on both machines.")
                        .asException();
    }

    private void converse(SshLink link, FrameReader reader, FrameWriter writer)
            throws IOException, InterruptedException {
        Outbox box = new Outbox();
        Thread listener = new Thread(() -> listen(reader, box), "holdfast-orders-" + server);
        listener.setDaemon(true);
        outbox = Optional.of(box);
        restoresChanged();
        announcements.apply(server).runs().forEach(box::report);
        listener.start();
        try {
            for (Optional<Message> next = next(box); next.isPresent(); next = next(box)) {
                writer.writeNow(next.get());
            }
        } finally {
            outbox = Optional.empty();
            link.close();
        }
        box.rethrow();
    }

    private Optional<Message> next(Outbox box) throws InterruptedException {
        return box.next(new Outbox.State() {
            @Override
            public Message schedule() {
                return new Message.Announce(announcements.apply(server).schedule());
            }

            @Override
            public Message restores() {
                return new Message.Restores(announcements.apply(server).restores());
            }
        });
    }

    private void listen(FrameReader reader, Outbox box) {
        try {
            while (true) {
                Message message = reader.read();
                if (!(message instanceof Message.GiveOrder) && !(message instanceof Message.CancelOrder)) {
                    throw ended(message);
                }
                orders.take(server, message, box);
            }
        } catch (IOException e) {
            box.close(e);
        } catch (HoldfastException e) {
            box.close(new IOException(e.getMessage(), e));
        } catch (RuntimeException e) {
            log.error("listening to server '{}' failed", server, e);
            box.close(new IOException(e));
        }
    }
}
