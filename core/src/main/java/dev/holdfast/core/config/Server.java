package dev.holdfast.core.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A backup server.
 *
 * @param data where it keeps what it was given; empty in privateer's form, then a folder in its state directory
 * @param quota the bytes each host may keep here
 */
public record Server(
        String name,
        String hostname,
        int port,
        Optional<Path> data,
        Optional<Listen> listen,
        OptionalLong quota,
        Optional<String> keyVolume,
        Optional<String> dataVolume,
        Optional<String> container) {

    /** Where it listens: as configured, else on its port at all addresses. */
    public Listen listening() {
        return listen.orElse(new Listen(Optional.empty(), port));
    }
}
