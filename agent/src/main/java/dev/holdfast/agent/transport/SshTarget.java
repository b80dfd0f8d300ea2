package dev.holdfast.agent.transport;

/** A server by its configured name, where it listens, and the host keys that it may show. */
public record SshTarget(String server, String hostname, int port, HostKeyPin pin) {

    public SshTarget {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 1 to 65535");
        }
    }

    String address() {
        return hostname.indexOf(':') >= 0 ? "[" + hostname + "]:" + port : hostname + ":" + port;
    }
}
