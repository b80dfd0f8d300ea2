package dev.holdfast.server.session;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import dev.holdfast.server.log.CorruptLogException;
import dev.holdfast.server.pack.CorruptPackException;
import java.io.EOFException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One connected host, from hello to goodbye, on one thread. Messages are worked through in the order they come; whatever breaks
 * the protocol or is not allowed ends this session with one log line and one {@code Failure} to the peer, and touches nobody
 * else.
 */
public final class AgentSession {
    private static final Logger log = LoggerFactory.getLogger(AgentSession.class);

    private final Site site;
    private final String host;
    private final ByteLink link;
    private final FrameReader reader;
    private final FrameWriter writer;

    public AgentSession(Site site, String host, ByteLink link) {
        this.site = site;
        this.host = host;
        this.link = link;
        this.reader = new FrameReader(link);
        this.writer = new FrameWriter(link);
    }

    /** Serves until the peer leaves or is turned away; always closes what it opened. */
    public void run() {
        MDC.put("host", host);
        LocalRequests locals = new LocalRequests(site, host, writer);
        try (Intake intake = new Intake(site, host, writer);
                Reading reading = new Reading(site, host, writer)) {
            Greeting.exchange(site, host, Greeting.OLDEST, reader, writer);
            log.debug("session of {} opened", link.peer());
            Message message = reader.read();
            while (!(message instanceof Message.Bye)) {
                take(message, intake, reading, locals);
                message = reader.read();
            }
        } catch (EOFException e) {
            log.debug("session of {} ended without a goodbye", link.peer());
        } catch (MalformedException e) {
            turnAway(Problem.of(
                    ProblemCode.PROTOCOL,
                    "protocol broken: " + e.getMessage(),
                    "Install the same version of Holdfast on both machines."));
        } catch (HoldfastException e) {
            turnAway(e.problem());
        } catch (CorruptPackException e) {
            turnAway(e.problem());
        } catch (CorruptLogException e) {
            turnAway(e.problem());
        } catch (IOException e) {
            if (site.grants().knows(host)) {
                log.info("connection of {} broke: {}", link.peer(), e.getMessage());
            } // else it was put out, and whoever did so has said why
        } catch (RuntimeException e) {
            log.error("session of {} failed", link.peer(), e);
            turnAway(Problem.of(ProblemCode.BUG, "the server failed: " + e, "See the server's log."));
        } finally {
            MDC.remove("host");
        }
    }

    private void take(Message message, Intake intake, Reading reading, LocalRequests locals) throws IOException {
        if (!site.grants().knows(host)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' is no longer in the server's configuration",
                            "Ask whoever runs the server.")
                    .asException();
        }
        if (message instanceof Message.Put put) {
            intake.put(put.object());
        } else if (message instanceof Message.Have have) {
            intake.have(have);
        } else if (message instanceof Message.Begin begin) {
            intake.begin(begin);
        } else if (message instanceof Message.Commit commit) {
            intake.commit(commit);
        } else if (message instanceof Message.ListRecords list) {
            reading.list(list);
        } else if (message instanceof Message.Open open) {
            reading.open(open);
        } else if (message instanceof Message.Fetch fetch) {
            reading.fetch(fetch);
        } else if (message instanceof Message.AskGrant ask) {
            writer.writeNow(new Message.Grant(site.grants().mayRestore(host, ask.host(), ask.volume())));
        } else if (message instanceof Message.AskLocal ask) {
            locals.ask(ask);
        } else if (message instanceof Message.TakeLocal take) {
            locals.take(take);
        } else if (message instanceof Message.Ping ping) {
            writer.writeNow(new Message.Pong(ping.nonce()));
        } else {
            throw new MalformedException("a " + message.getClass().getSimpleName() + " is not for a server");
        }
    }

    private void turnAway(Problem problem) {
        log.warn(
                "session of {} ended: {} [{}]",
                link.peer(),
                problem.message(),
                problem.code().label());
        try {
            writer.writeNow(new Message.Failure(problem.code(), problem.message(), problem.hint()));
        } catch (IOException e) {
            log.debug("{} did not wait to be told why", link.peer());
        }
    }
}
