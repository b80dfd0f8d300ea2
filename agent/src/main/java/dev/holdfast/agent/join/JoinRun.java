package dev.holdfast.agent.join;

import dev.holdfast.agent.transport.HostKeyPin;
import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.agent.transport.SshTarget;
import dev.holdfast.agent.transport.Timeouts;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import dev.holdfast.keys.invite.InvitationCode;
import dev.holdfast.keys.invite.Welcome;
import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.machine.SshSecret;
import java.io.IOException;
import java.time.InstantSource;

/**
 * Joins a server by a code: logs in with the key that comes from it, where the host key of the code answers, says which keys this host
 * made for itself, and brings back what awaits it there. Run again with the same code and the same keys it gets the same answer, so a
 * connection that broke in between does no harm.
 */
public final class JoinRun {
    private static final int PROTOCOL = 2;

    private final InvitationCode code;
    private final String hostname;
    private final int port;
    private final InstantSource clock;
    private final String software;

    public JoinRun(InvitationCode code, String hostname, int port, InstantSource clock, String software) {
        this.code = code;
        this.hostname = hostname;
        this.port = port;
        this.clock = clock;
        this.software = software;
    }

    /**
     * Tells the server the public keys of this host, whose SSH key is one that was made here: Ed25519.
     *
     * @throws HoldfastException with UNREACHABLE, HOST_KEY, DENIED, BUSY or PROTOCOL
     * @throws dev.holdfast.keys.KeyException when the answer does not come from whoever made the code
     */
    public Welcome join(MachinePublicKeys own) {
        SshTarget target = new SshTarget(address(), hostname, port, new PinOfCode());
        try (ByteLink link = open(target, own.name())) {
            return Welcome.decode(converse(link, own), code);
        } catch (MalformedException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.PROTOCOL,
                            "the server at " + address() + " broke the protocol: " + e.getMessage(),
                            "Install the same version of Holdfast on both machines, then run the same command again."),
                    e);
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.UNREACHABLE,
                            "the connection to " + address() + " broke: " + e.getMessage(),
                            "Run the same command again: the code still works for this host, while its time lasts."),
                    e);
        }
    }

    private String address() {
        return (hostname.indexOf(':') >= 0 ? "[" + hostname + "]" : hostname) + ":" + port;
    }

    private ByteLink open(SshTarget target, String name) {
        try {
            return SshLink.open(target, name, login(), Timeouts.standard(), FlowLimits.standard());
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.DENIED) {
                throw e;
            }
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.DENIED,
                            "the server at " + address() + " does not know the code",
                            "It was made there, but the invitation is gone: codes are remembered for 30 days after"
                                    + " their end. On the server, run `holdfast server invite " + name + "`."),
                    e);
        }
    }

    private SshIdentity login() {
        try (SshSecret login = code.login()) {
            return SshIdentity.of(login);
        }
    }

    private String converse(ByteLink link, MachinePublicKeys own) throws IOException {
        FrameReader reader = new FrameReader(link);
        FrameWriter writer = new FrameWriter(link);
        writer.writeNow(new Message.Hello(PROTOCOL, PROTOCOL, software, clock.millis()));
        if (!(expected(reader) instanceof Message.Welcome greeting) || greeting.protocol() != PROTOCOL) {
            throw new MalformedException("it does not speak protocol " + PROTOCOL);
        }
        if (!greeting.host().equals(own.name())) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "the code is for '" + greeting.host() + "', not for '" + own.name() + "'",
                            "Run `holdfast configure " + greeting.host() + " --join CODE@" + address()
                                    + "`, or on the server `holdfast server invite " + own.name() + "`.")
                    .asException();
        }
        writer.writeNow(new Message.Join(
                Ed25519PublicKey.require(own.ssh()).raw(), own.sealing().bytes()));
        if (!(expected(reader) instanceof Message.Joined joined)) {
            throw new MalformedException("it does not answer the question");
        }
        writer.writeNow(new Message.Bye());
        return joined.welcome();
    }

    private static Message expected(FrameReader reader) throws IOException {
        Message message = reader.read();
        if (message instanceof Message.Failure failure) {
            throw Problem.of(failure.code(), failure.message(), failure.hint()).asException();
        }
        return message;
    }

    private final class PinOfCode implements HostKeyPin {
        @Override
        public boolean accepts(SshPublicKey shown) {
            return code.isOf(shown);
        }

        @Override
        public String expected() {
            return "the code was made by a server with another one";
        }

        @Override
        public String advice() {
            return "Nothing was sent. Compare the address after the code with that of the server; if it is right, somebody"
                    + " may be in between, or the server's keys were replaced: then ask for a new invitation.";
        }
    }
}
