package dev.holdfast.cli.command;

import dev.holdfast.core.config.Server;

/**
 * Whose backups of a volume are meant, and where they lie.
 *
 * @param host the client that made them; of a local volume the server
 */
record Provenance(Server server, String host) {
    /** Whether the volume lies on the server itself. */
    boolean local() {
        return host.equals(server.name());
    }
}
