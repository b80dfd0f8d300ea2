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
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What is said with one peer, on one thread, until it leaves or is turned away: whatever breaks the protocol or is not allowed ends
 * it with one log line and one {@code Failure} to the peer.
 */
final class Dialogue {
    private static final Logger log = LoggerFactory.getLogger(Dialogue.class);

    private final String host;
    private final ByteLink link;
    private final FrameReader reader;
    private final FrameWriter writer;

    Dialogue(String host, ByteLink link) {
        this.host = host;
        this.link = link;
        this.reader = new FrameReader(link);
        this.writer = new FrameWriter(link);
    }

    /** What is said and answered. */
    interface Talk {
        void hold() throws IOException;
    }

    /** The name that the peer goes by in the configuration, or is to get. */
    String host() {
        return host;
    }

    String peer() {
        return link.peer();
    }

    FrameReader reader() {
        return reader;
    }

    FrameWriter writer() {
        return writer;
    }

    /** @param putOut whether whoever cut the connection of this peer has said why */
    void hold(Talk talk, BooleanSupplier putOut) {
        MDC.put("host", host);
        try {
            talk.hold();
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
            if (!putOut.getAsBoolean()) {
                log.info("connection of {} broke: {}", link.peer(), e.getMessage());
            }
        } catch (RuntimeException e) {
            log.error("session of {} failed", link.peer(), e);
            turnAway(Problem.of(ProblemCode.BUG, "the server failed: " + e, "See the server's log."));
        } finally {
            MDC.remove("host");
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
