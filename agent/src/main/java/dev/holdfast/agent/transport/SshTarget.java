package dev.holdfast.agent.transport;

import dev.holdfast.keys.machine.SshPublicKey;
import java.util.List;

/** A server by its configured name, where it listens, and the host keys that it may show. */
public record SshTarget(String server, String hostname, int port, HostKeyPin pin) {

    public SshTarget {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 1 to 65535");
        }
    }

    public SshTarget(String server, String hostname, int port, List<SshPublicKey> pinned) {
        this(server, hostname, port, HostKeyPin.keys(pinned));
        if (pinned.isEmpty()) {
            throw new IllegalArgumentException("no host key is pinned for server '" + server + "'");
        }
    }

    String address() {
        return hostname.indexOf(':') >= 0 ? "[" + hostname + "]:" + port : hostname + ":" + port;
    }
}
