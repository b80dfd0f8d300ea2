package dev.holdfast.system.transport;

import dev.holdfast.agent.transport.HostKeyPin;
import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.agent.transport.SshTarget;
import dev.holdfast.agent.transport.Timeouts;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.machine.SshSecret;
import dev.holdfast.server.transport.EndpointConfig;
import dev.holdfast.server.transport.EndpointLimits;
import dev.holdfast.server.transport.SessionHandler;
import dev.holdfast.server.transport.SshEndpoint;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A server on a free loopback port, with one host, {@code alice}, and all the keys. */
final class Loopback implements AutoCloseable {
    final SshIdentity serverKey;
    final SshIdentity alice;
    final Map<SshPublicKey, String> hosts;
    final SshEndpoint endpoint;
    private final FlowLimits flow;

    Loopback(SessionHandler handler) {
        this(EndpointLimits.standard(), handler);
    }

    Loopback(EndpointLimits limits, SessionHandler handler) {
        this(newKey(), newKey(), limits, handler);
    }

    /** With keys that are not made here. */
    Loopback(SshIdentity serverKey, SshIdentity alice, EndpointLimits limits, SessionHandler handler) {
        this.serverKey = serverKey;
        this.alice = alice;
        this.hosts = new ConcurrentHashMap<>(Map.of(alice.publicKey(), "alice"));
        this.flow = limits.flow();
        endpoint = SshEndpoint.start(
                new EndpointConfig(
                        List.of(new EndpointConfig.ListenAddress("127.0.0.1", 0)),
                        serverKey,
                        limits,
                        InstantSource.system()),
                (key, user) -> Optional.ofNullable(hosts.get(key)),
                handler);
    }

    static SshIdentity newKey() {
        return SshIdentity.of(SshSecret.generate(new SecureRandom()));
    }

    int port() {
        return endpoint.ports().get(0);
    }

    SshLink open() {
        return open(port(), alice);
    }

    SshLink open(int port, SshIdentity as) {
        return open(port, as, serverKey.publicKey());
    }

    SshLink open(int port, SshIdentity as, SshPublicKey pinned) {
        return SshLink.open(
                new SshTarget("backup", "127.0.0.1", port, HostKeyPin.keys(List.of(pinned), "pin the new one")),
                "alice",
                as,
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20)),
                flow);
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
