package dev.holdfast.cli.machine;

import dev.holdfast.agent.transport.KeptConnection;
import dev.holdfast.agent.transport.SshConnection;
import dev.holdfast.agent.transport.SshLink;
import java.io.Closeable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The connections that a process which stays keeps to its servers, one to each, from the first time that it is wanted. One that was
 * made by what is no longer so (another address, another key) is dropped for another.
 */
public final class StandingConnections implements Closeable {
    private final RandomGenerator random;
    private final Map<String, Standing> byServer = new HashMap<>();

    private record Standing(String madeBy, KeptConnection connection) {}

    public StandingConnections(RandomGenerator random) {
        this.random = random;
    }

    /**
     * A conversation over the connection to a server; empty when it does not stand at the moment.
     *
     * @param madeBy all that {@code dial} goes by
     */
    Optional<SshLink> channel(String server, String madeBy, Supplier<SshConnection> dial) {
        Optional<KeptConnection> outdated = Optional.empty();
        synchronized (this) {
            Standing standing = byServer.get(server);
            if (standing != null && standing.madeBy().equals(madeBy)) {
                return standing.connection().channel();
            }
            if (standing != null) {
                outdated = Optional.of(standing.connection());
            }
            KeptConnection fresh =
                    KeptConnection.start(server, dial, connection -> {}, KeptConnection.Pauses.standard(), random);
            byServer.put(server, new Standing(madeBy, fresh));
        }
        outdated.ifPresent(KeptConnection::close);
        return Optional.empty();
    }

    @Override
    public synchronized void close() {
        byServer.values().forEach(standing -> standing.connection().close());
        byServer.clear();
    }
}
