package dev.holdfast.server.transport;

import dev.holdfast.core.transport.SshIdentity;
import java.time.InstantSource;
import java.util.List;

/** Where to listen, as whom, and within which limits. Port 0 takes a free one (see {@link SshEndpoint#ports}). */
public record EndpointConfig(
        List<ListenAddress> listen, SshIdentity hostKey, EndpointLimits limits, InstantSource clock) {

    /** An empty host means every address of this machine. */
    public record ListenAddress(String host, int port) {
        public ListenAddress {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
            }
        }

        @Override
        public String toString() {
            return host.isEmpty() ? "port " + port : host + ":" + port;
        }
    }

    public EndpointConfig {
        listen = List.copyOf(listen);
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("no address to listen on");
        }
    }
}
