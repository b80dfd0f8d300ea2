package dev.holdfast.server.session;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.server.join.Admission;
import dev.holdfast.server.join.Invitation;
import dev.holdfast.server.join.Invitations;
import java.io.EOFException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A session of somebody who logged in by an invitation: hello, one {@code Join}, goodbye. Anything else ends it, and nothing of the
 * store can be reached from here.
 */
public final class JoinSession {
    private static final Logger log = LoggerFactory.getLogger(JoinSession.class);

    private final Site site;
    private final Invitations invitations;
    private final Invitation invitation;
    private final Admission admission;
    private final ByteLink link;
    private final FrameReader reader;
    private final FrameWriter writer;

    /** @param invitation the one that was logged in by */
    public JoinSession(Site site, Invitations invitations, Invitation invitation, Admission admission, ByteLink link) {
        this.site = site;
        this.invitations = invitations;
        this.invitation = invitation;
        this.admission = admission;
        this.link = link;
        this.reader = new FrameReader(link);
        this.writer = new FrameWriter(link);
    }

    /** Serves until the peer leaves or is turned away. */
    public void run() {
        MDC.put("host", invitation.name());
        try {
            Greeting.exchange(site, invitation.name(), Greeting.JOINING, reader, writer);
            if (!(reader.read() instanceof Message.Join join)) {
                throw new MalformedException("whoever comes by an invitation can only join");
            }
            join(join);
            if (!(reader.read() instanceof Message.Bye)) {
                throw new MalformedException("whoever has joined by an invitation can only say goodbye");
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
        } catch (IOException e) {
            log.info("connection of {} broke: {}", link.peer(), e.getMessage());
        } catch (RuntimeException e) {
            log.error("session of {} failed", link.peer(), e);
            turnAway(Problem.of(ProblemCode.BUG, "the server failed: " + e, "See the server's log."));
        } finally {
            MDC.remove("host");
        }
    }

    private void join(Message.Join join) throws IOException {
        MachinePublicKeys keys = keysOf(join);
        String welcome = invitations.join(invitation.login(), keys, admission);
        log.info(
                "'{}' joined by invitation {} from {}, with key {}",
                invitation.name(),
                invitation.number(),
                link.peer(),
                keys.ssh());
        writer.writeNow(new Message.Joined(welcome));
    }

    private MachinePublicKeys keysOf(Message.Join join) throws MalformedException {
        try {
            SshPublicKey ssh = SshPublicKey.of(join.ssh());
            SealingKey sealing = SealingKey.of(join.sealing());
            ssh.requireUsable();
            sealing.requireUsable();
            return new MachinePublicKeys(invitation.name(), ssh, sealing);
        } catch (KeyException e) {
            throw new MalformedException("a public key that is none: " + e.getMessage());
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
