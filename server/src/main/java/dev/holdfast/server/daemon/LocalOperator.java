package dev.holdfast.server.daemon;

import dev.holdfast.core.daemon.ControlSocket;
import dev.holdfast.server.session.AgentSession;
import dev.holdfast.server.session.NoGrants;
import dev.holdfast.server.session.Site;
import java.io.IOException;

/**
 * Whoever may open the control socket runs this server, and could make himself an operator by a line in its configuration: he may know
 * and order what operators may, under the name of the server, and nothing else.
 */
final class LocalOperator implements NoGrants {
    /** The request that begins such a session. */
    static final String REQUEST = "operate";

    private LocalOperator() {}

    /** Holds the session until whoever called has gone; then it is through, which is always true. */
    static boolean serve(ControlSocket.Caller caller, Site site, String server) throws IOException {
        Site own = new Site(
                site.repository(),
                new LocalOperator(),
                site.clock(),
                site.software(),
                site.activity(),
                site.locals(),
                site.fleet());
        try (ControlLink link =
                new ControlLink(caller.frames(ControlLink.LARGEST_BYTES), "somebody on the machine of the server")) {
            new AgentSession(own, server, link).run();
        }
        return true;
    }

    @Override
    public boolean knows(String host) {
        return true;
    }

    @Override
    public boolean isHost(String name) {
        return false;
    }

    @Override
    public boolean maySeeFleet(String name) {
        return true;
    }

    @Override
    public boolean mayOrder(String name) {
        return true;
    }
}
