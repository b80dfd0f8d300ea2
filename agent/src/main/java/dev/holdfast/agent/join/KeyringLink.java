package dev.holdfast.agent.join;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks a server for the keyrings of this host, as they are now. What it says proves nothing: see {@code keys.realm.Renewal}. */
public final class KeyringLink {
    private static final int PROTOCOL = 4;

    private KeyringLink() {}

    /**
     * The texts of the keyrings that the server has, by realm; closes {@code link}.
     *
     * @throws HoldfastException with UNREACHABLE, PROTOCOL, or what the server says
     */
    public static Map<String, String> ask(ByteLink link, String software, long nowMillis, List<String> realms) {
        try (link) {
            FrameReader reader = new FrameReader(link);
            FrameWriter writer = new FrameWriter(link);
            writer.writeNow(new Message.Hello(PROTOCOL, PROTOCOL, software, nowMillis));
            if (!(expected(reader) instanceof Message.Welcome welcome) || welcome.protocol() != PROTOCOL) {
                throw new MalformedException("it does not speak protocol " + PROTOCOL);
            }
            Map<String, String> texts = new LinkedHashMap<>();
            for (String realm : realms) {
                writer.writeNow(new Message.AskKeyring(realm));
                if (!(expected(reader) instanceof Message.Keyring keyring)) {
                    throw new MalformedException("it does not answer the question");
                }
                if (!keyring.text().isEmpty()) {
                    texts.put(realm, keyring.text());
                }
            }
            writer.writeNow(new Message.Bye());
            return texts;
        } catch (MalformedException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.PROTOCOL,
                            "the server at " + link.peer() + " broke the protocol: " + e.getMessage(),
                            "Install the same version of Holdfast on both machines."),
                    e);
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.UNREACHABLE,
                            "the connection to " + link.peer() + " broke: " + e.getMessage(),
                            "Run the same command again."),
                    e);
        }
    }

    private static Message expected(FrameReader reader) throws IOException {
        Message message = reader.read();
        if (message instanceof Message.Failure failure) {
            throw Problem.of(failure.code(), failure.message(), failure.hint()).asException();
        }
        return message;
    }
}
