package dev.holdfast.agent.transport;

import java.util.Optional;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The connection to a server; it remembers when it last heard from it, and with which words it was ended. */
final class ServerSession extends ClientSessionImpl {
    private volatile long lastHeardNanos = System.nanoTime();
    private volatile @Nullable Goodbye goodbye;

    /** What the server said when it hung up; the code is one of RFC 4253, section 11.1. */
    record Goodbye(int code, String message) {}

    private ServerSession(ClientFactoryManager client, IoSession io) throws Exception {
        super(client, io);
    }

    static SessionFactory factory(ClientFactoryManager client) {
        return new SessionFactory(client) {
            @Override
            protected ClientSessionImpl doCreateSession(IoSession io) throws Exception {
                return new ServerSession(getClient(), io);
            }
        };
    }

    @Override
    public void messageReceived(Readable buffer) throws Exception {
        lastHeardNanos = System.nanoTime();
        super.messageReceived(buffer);
    }

    @Override
    protected void handleDisconnect(int code, String message, String language, Buffer buffer) throws Exception {
        goodbye = new Goodbye(code, message); // before the library wakes whoever waits for the login
        super.handleDisconnect(code, message, language, buffer);
    }

    Optional<Goodbye> goodbye() {
        return Optional.ofNullable(goodbye);
    }

    long lastHeardNanos() {
        return lastHeardNanos;
    }
}
