package dev.holdfast.server.session;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.UUID;

/** How every session begins: hello, and welcome in the newest protocol that both sides speak. */
final class Greeting {
    /** The protocols that this server speaks. */
    static final int OLDEST = 1;

    static final int NEWEST = 6;

    /** The first one in which hosts can join. */
    static final int JOINING = 2;

    /** The first one in which schedules are announced and orders are given. */
    static final int FLEET = 3;

    /** The first one in which hosts can ask for renewed keys. */
    static final int RENEWING = 4;

    /** The first one in which hosts tell of restores that have not come to their end. */
    static final int RESTORES = 5;

    /** The first one in which it is told that nobody hears of a restore any more. */
    static final int UNHEARD = 6;

    private Greeting() {}

    /**
     * Says which protocol was agreed on.
     *
     * @param needed the oldest that will do for this session
     */
    static int exchange(Site site, String host, int needed, FrameReader reader, FrameWriter writer) throws IOException {
        if (!(reader.read() instanceof Message.Hello hello)) {
            throw new MalformedException("a session begins with a hello");
        }
        if (hello.oldestProtocol() > NEWEST || hello.newestProtocol() < needed) {
            throw Problem.of(
                            ProblemCode.PROTOCOL,
                            "this server speaks protocol " + needed + " to " + NEWEST + ", the agent "
                                    + hello.oldestProtocol() + " to " + hello.newestProtocol(),
                            "Install the same version of Holdfast on both machines.")
                    .asException();
        }
        int agreed = Math.min(NEWEST, hello.newestProtocol());
        writer.writeNow(new Message.Welcome(
                agreed,
                site.software(),
                host,
                repositoryId(site),
                site.clock().millis(),
                Files.getFileStore(site.repository().data()).getUsableSpace()));
        return agreed;
    }

    private static byte[] repositoryId(Site site) {
        UUID id = site.repository().id();
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
