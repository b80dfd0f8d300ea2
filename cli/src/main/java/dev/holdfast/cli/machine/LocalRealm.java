package dev.holdfast.cli.machine;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Server;
import java.util.Optional;

/**
 * How a host comes by the key of the volumes that lie on a server, when it was set up without. That server gives it to whoever the
 * keyring names, and `configure` on the host asks for it.
 */
public final class LocalRealm {
    private LocalRealm() {}

    /** What to do for {@code host}, as a sentence; empty when the realm is not that of a server's local volumes. */
    public static Optional<String> wayToKey(Configuration configuration, String realm, String host) {
        return configuration.servers().stream()
                .map(Server::name)
                .filter(server -> configuration
                        .locals()
                        .realm(server)
                        .filter(local -> local.name().equals(realm))
                        .isPresent())
                .findFirst()
                .map(server -> words(configuration, server, host));
    }

    private static String words(Configuration configuration, String server, String host) {
        String token = KeyStores.withToken(configuration);
        return "On server '" + server + "', run `holdfast configure " + server + "`" + token
                + " and `holdfast server reload`, then `holdfast configure " + host + "` on '" + host
                + "', which gets the key from there. If '" + host + "' joined by an invitation, `holdfast keygen "
                + host + "`" + token + " on the server that invited it comes before all that.";
    }
}
