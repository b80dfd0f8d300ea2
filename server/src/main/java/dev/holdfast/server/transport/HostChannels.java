package dev.holdfast.server.transport;

import java.util.Set;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels of logged-in hosts. A request for a subsystem that is not here is refused in our words, not in the library's. */
final class HostChannels extends ChannelSessionFactory {
    private static final Logger log = LoggerFactory.getLogger(HostChannels.class);

    private final Set<String> subsystems;

    HostChannels(Set<String> subsystems) {
        this.subsystems = Set.copyOf(subsystems);
    }

    @Override
    public Channel createChannel(Session session) {
        ChannelSession channel = new ChannelSession();
        channel.addRequestHandler(this::refuseUnknown);
        return channel;
    }

    private RequestHandler.Result refuseUnknown(Channel channel, String request, boolean wantReply, Buffer buffer) {
        if (!request.equals("subsystem")) {
            return RequestHandler.Result.Unsupported;
        }
        int before = buffer.rpos();
        String name = buffer.getString();
        if (subsystems.contains(name)) {
            buffer.rpos(before);
            return RequestHandler.Result.Unsupported; // as any request that is left to the library
        }
        if (channel.getSession() instanceof HostSession session && session.isFirstMistake()) {
            log.info(
                    "{} ({}) asked for subsystem {}: there is none here",
                    session.login().map(HostSession.Login::host).orElse("somebody"),
                    session.addressText(),
                    StrangerLog.quoted(name));
        }
        return RequestHandler.Result.ReplyFailure;
    }
}
