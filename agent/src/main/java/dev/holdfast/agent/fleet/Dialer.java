package dev.holdfast.agent.fleet;

import dev.holdfast.agent.transport.SshConnection;
import dev.holdfast.core.config.Configuration;

/** Connects to servers as this host. */
public interface Dialer {
    /**
     * Logs in there.
     *
     * @throws dev.holdfast.core.problem.HoldfastException when it does not come to a connection
     */
    SshConnection connect(Configuration configuration, String server);

    /** All that decides where {@link #connect} leads to and as whom: where it changes, a connection is to be made anew. */
    String describe(Configuration configuration, String server);
}
