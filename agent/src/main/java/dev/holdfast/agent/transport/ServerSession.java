package dev.holdfast.agent.transport;

import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;

/** The connection to a server; it remembers when it last heard from it. */
final class ServerSession extends ClientSessionImpl {
    private volatile long lastHeardNanos = System.nanoTime();

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

    long lastHeardNanos() {
        return lastHeardNanos;
    }
}
