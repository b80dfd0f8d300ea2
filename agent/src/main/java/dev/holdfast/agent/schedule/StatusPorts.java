package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.Listen;
import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link StatusPort} that the configuration wants at this moment. One that cannot be had keeps no backup from being made; {@link
 * #look} tries it again.
 */
final class StatusPorts implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(StatusPorts.class);

    private final Supplier<HostReport> report;
    private Optional<Listen> wanted;
    private Optional<StatusPort> open = Optional.empty();
    private Optional<String> trouble = Optional.empty();

    /** Opens nothing yet. */
    StatusPorts(Supplier<HostReport> report, Optional<Listen> wanted) {
        this.report = report;
        this.wanted = wanted;
    }

    synchronized void serve(Optional<Listen> newlyWanted) {
        if (!newlyWanted.equals(wanted)) {
            close();
            wanted = newlyWanted;
        }
        look();
    }

    /** Opens what is wanted and not open; says, once, when that cannot be. */
    synchronized void look() {
        if (open.isPresent() || wanted.isEmpty()) {
            return;
        }
        Listen address = wanted.get();
        try {
            open = Optional.of(StatusPort.open(address, report));
            trouble = Optional.empty();
            log.info("status for monitoring at http://{}/status and /metrics", address);
        } catch (IOException | IllegalArgumentException e) {
            Optional<String> now = Optional.of("no status for monitoring at " + address + ": "
                    + Objects.requireNonNullElse(e.getMessage(), e.toString()));
            if (!now.equals(trouble)) {
                log.warn("{}; it is tried again and again", now.get());
            }
            trouble = now;
        }
    }

    /** Why what is wanted is not open at this moment. */
    synchronized Optional<String> trouble() {
        look();
        return trouble;
    }

    @Override
    public synchronized void close() {
        open.ifPresent(StatusPort::close);
        open = Optional.empty();
        wanted = Optional.empty();
        trouble = Optional.empty();
    }
}
