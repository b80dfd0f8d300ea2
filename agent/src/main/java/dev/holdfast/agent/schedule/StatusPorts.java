package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.Listen;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link StatusPort} that the configuration wants at this moment. One that cannot be had keeps no backup from being made. */
final class StatusPorts implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(StatusPorts.class);

    private final Supplier<HostReport> report;
    private Optional<Listen> served = Optional.empty();
    private Optional<StatusPort> open = Optional.empty();

    StatusPorts(Supplier<HostReport> report) {
        this.report = report;
    }

    synchronized void serve(Optional<Listen> wanted) {
        if (wanted.equals(served)) {
            return;
        }
        close();
        if (wanted.isEmpty()) {
            return;
        }
        try {
            open = Optional.of(StatusPort.open(wanted.get(), report));
            served = wanted;
            log.info("status for monitoring at http://{}/status and /metrics", wanted.get());
        } catch (IOException | IllegalArgumentException e) {
            log.warn("no status for monitoring at {}: {}", wanted.get(), e.toString());
        }
    }

    @Override
    public synchronized void close() {
        open.ifPresent(StatusPort::close);
        open = Optional.empty();
        served = Optional.empty();
    }
}
