package dev.holdfast.server.transport;

import java.io.IOException;
import java.util.Optional;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.UserAuth;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.session.ServerSession;

/** Public key login whose host is fixed only after the signature was verified. */
final class KeyLogin extends UserAuthPublicKey {
    private final LiveSessions live;

    private KeyLogin(LiveSessions live) {
        super(null);
        this.live = live;
    }

    static UserAuthFactory factory(LiveSessions live) {
        return new UserAuthFactory() {
            @Override
            public String getName() {
                return NAME;
            }

            @Override
            public UserAuth createUserAuth(ServerSession session) throws IOException {
                return new KeyLogin(live);
            }
        };
    }

    @Override
    public Boolean doAuth(Buffer buffer, boolean init) throws Exception {
        HostSession session = (HostSession) getServerSession();
        session.candidate(null);
        Boolean proven = super.doAuth(buffer, init);
        Optional<HostSession.Login> login = session.candidate();
        if (!Boolean.TRUE.equals(proven) || login.isEmpty()) {
            return Boolean.TRUE.equals(proven) ? Boolean.FALSE : proven;
        }
        return switch (live.enter(session, login.get())) {
            case ENTERED -> Boolean.TRUE;
            case TOO_MANY ->
                refuse(
                        session,
                        SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS,
                        "host '" + login.get().host() + "' has too many connections open");
            case REVOKED_MEANWHILE -> refuse(session, SshConstants.SSH2_DISCONNECT_BY_APPLICATION, SshEndpoint.REVOKED);
        };
    }

    private static Boolean refuse(HostSession session, int reason, String message) throws IOException {
        session.disconnect(reason, message);
        return Boolean.FALSE;
    }
}
