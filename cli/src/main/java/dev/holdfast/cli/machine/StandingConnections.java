package dev.holdfast.cli.machine;

import dev.holdfast.agent.transport.SshLink;
import java.util.Optional;

/** The connections that a process which stays keeps to its servers. */
public interface StandingConnections {
    /** A conversation over the connection to a server; empty when there is none at the moment. */
    Optional<SshLink> channel(String server);
}
