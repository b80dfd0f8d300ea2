package dev.holdfast.cli.machine;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Server;
import dev.holdfast.keys.store.Newcomer;
import dev.holdfast.server.join.Invitations;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** The hosts that joined a server of this machine by an invitation, as far as they are still clients of the configuration. */
public final class JoinedHosts {
    private JoinedHosts() {}

    public static List<Newcomer> of(Configuration configuration, Path stateDirectory, InstantSource clock) {
        return configuration.servers().stream()
                .map(Server::name)
                .map(server -> new StateFolder(stateDirectory, server).folder())
                .flatMap(folder -> Invitations.in(folder, clock).newcomers().stream())
                .filter(newcomer ->
                        configuration.findClient(newcomer.keys().name()).isPresent())
                .toList();
    }
}
