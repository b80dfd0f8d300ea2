package dev.holdfast.server.session;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connected host, or person, from hello to goodbye. Messages are worked through in the order they come; whatever breaks the protocol or is
 * not allowed ends this session, by way of its {@link Dialogue}, and touches nobody else.
 */
public final class AgentSession {
    private static final Logger log = LoggerFactory.getLogger(AgentSession.class);

    private final Site site;
    private final Dialogue dialogue;
    private int protocol;

    public AgentSession(Site site, String host, ByteLink link) {
        this.site = site;
        this.dialogue = new Dialogue(host, link);
    }

    /** Serves until the peer leaves or is turned away; always closes what it opened. */
    public void run() {
        dialogue.hold(this::serve, () -> !site.grants().knows(dialogue.host()));
    }

    private void serve() throws IOException {
        String host = dialogue.host();
        FrameWriter writer = dialogue.writer();
        LocalRequests locals = new LocalRequests(site, host, writer);
        try (Intake intake = new Intake(site, host, writer);
                Reading reading = new Reading(site, host, writer);
                FleetRequests fleet = new FleetRequests(site, host, writer)) {
            protocol = Greeting.exchange(site, host, Greeting.OLDEST, dialogue.reader(), writer);
            log.debug("session of {} opened", dialogue.peer());
            Message message = dialogue.reader().read();
            while (!(message instanceof Message.Bye)) {
                requireMember(message);
                if (protocol < Greeting.FLEET || !fleet.take(message, protocol)) {
                    take(message, intake, reading, locals);
                }
                message = dialogue.reader().read();
            }
        }
    }

    private void requireMember(Message message) {
        String host = dialogue.host();
        if (!site.grants().knows(host)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' is no longer in the server's configuration",
                            "Ask whoever runs the server.")
                    .asException();
        }
        if (!site.grants().isHost(host) && !FleetRequests.isForPeople(message)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "'" + host + "' is no host with backups here",
                            "Whoever is under `operators` or `readers` may use `holdfast status`; to back up or restore,"
                                    + " log in as one of the `clients`.")
                    .asException();
        }
    }

    private void take(Message message, Intake intake, Reading reading, LocalRequests locals) throws IOException {
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
            dialogue.writer()
                    .writeNow(new Message.Grant(site.grants().mayRestore(dialogue.host(), ask.host(), ask.volume())));
        } else if (message instanceof Message.AskLocal ask) {
            locals.ask(ask);
        } else if (message instanceof Message.TakeLocal take) {
            locals.take(take);
        } else if (message instanceof Message.AskKeyring ask && protocol >= Greeting.RENEWING) {
            dialogue.writer()
                    .writeNow(new Message.Keyring(site.grants()
                            .keyringFor(dialogue.host(), ask.realm())
                            .orElse("")));
        } else if (message instanceof Message.Ping ping) {
            dialogue.writer().writeNow(new Message.Pong(ping.nonce()));
        } else {
            throw new MalformedException("a " + message.getClass().getSimpleName() + " is not for a server");
        }
    }
}
