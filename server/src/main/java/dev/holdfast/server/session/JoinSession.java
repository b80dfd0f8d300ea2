package dev.holdfast.server.session;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.Message;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.server.join.Admission;
import dev.holdfast.server.join.Invitation;
import dev.holdfast.server.join.Invitations;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private final Dialogue dialogue;

    /** @param invitation the one that was logged in by */
    public JoinSession(Site site, Invitations invitations, Invitation invitation, Admission admission, ByteLink link) {
        this.site = site;
        this.invitations = invitations;
        this.invitation = invitation;
        this.admission = admission;
        this.dialogue = new Dialogue(invitation.name(), link);
    }

    /** Serves until the peer leaves or is turned away. */
    public void run() {
        dialogue.hold(this::serve, () -> false);
    }

    private void serve() throws IOException {
        Greeting.exchange(site, invitation.name(), Greeting.JOINING, dialogue.reader(), dialogue.writer());
        if (!(dialogue.reader().read() instanceof Message.Join join)) {
            throw new MalformedException("whoever comes by an invitation can only join");
        }
        join(join);
        if (!(dialogue.reader().read() instanceof Message.Bye)) {
            throw new MalformedException("whoever has joined by an invitation can only say goodbye");
        }
    }

    private void join(Message.Join join) throws IOException {
        MachinePublicKeys keys = keysOf(join);
        String welcome = invitations.join(invitation.login(), keys, admission);
        log.info(
                "'{}' joined by invitation {} from {}, with key {}",
                invitation.name(),
                invitation.number(),
                dialogue.peer(),
                keys.ssh());
        dialogue.writer().writeNow(new Message.Joined(welcome));
    }

    private MachinePublicKeys keysOf(Message.Join join) throws MalformedException {
        try {
            Ed25519PublicKey ssh = Ed25519PublicKey.of(join.ssh());
            SealingKey sealing = SealingKey.of(join.sealing());
            ssh.requireUsable();
            sealing.requireUsable();
            return new MachinePublicKeys(invitation.name(), ssh, sealing);
        } catch (KeyException e) {
            throw new MalformedException("a public key that is none: " + e.getMessage());
        }
    }
}
