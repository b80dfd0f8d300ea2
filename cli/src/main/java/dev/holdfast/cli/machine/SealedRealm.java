package dev.holdfast.cli.machine;

import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.List;
import java.util.stream.Collectors;

/** What a server keeps and cannot read, and how it is got at nonetheless: by lines to copy. */
public final class SealedRealm {
    /** In the context of a problem: the client whose backups the server cannot read. */
    public static final String CLIENT = "sealed_client";

    private final Configuration configuration;
    private final String server;
    private final String client;
    private final Realm sealed;

    /**
     * What a server keeps of one client.
     *
     * @param server that cannot read
     * @param client whose backups are meant
     */
    public SealedRealm(Configuration configuration, String server, String client) {
        this.configuration = configuration;
        this.server = server;
        this.client = client;
        this.sealed = configuration.realmOf(client);
    }

    /**
     * Names the ways out.
     *
     * @param onClient a sentence that says what to do on a client which has the key
     */
    public Problem refusal(String onClient) {
        return Problem.of(
                        ProblemCode.DENIED,
                        "server '" + server + "' cannot read backups of '" + client
                                + "': it is of a sealed realm, whose key is not here",
                        onClient + " Or let the server read everything of realm '" + sealed.name() + "': in "
                                + configuration.file() + ", let the only line on realms be `" + trusting()
                                + "`; then run `holdfast keygen --all`, `holdfast configure " + server
                                + "` and `holdfast server reload` on this machine.")
                .with(CLIENT, client);
    }

    /** All realms, this one trusted, as the file is written. */
    private String trusting() {
        return key("realms")
                + configuration.realms().stream().map(this::line).collect(Collectors.joining(", ", "[", "]"));
    }

    private String key(String name) {
        return word(name) + ": ";
    }

    private String word(String word) {
        boolean json = configuration.file().toString().endsWith(".json");
        return json ? quoted(word) : word;
    }

    /** Also in YAML: a name may look like a number. */
    private static String quoted(String name) {
        return "\"" + name + "\"";
    }

    private String line(Realm realm) {
        boolean trusted = realm.equals(sealed) || realm.serverTrusted();
        List<String> clients =
                configuration.clients().stream().map(Client::name).toList();
        String members = realm.members().containsAll(clients)
                ? ""
                : realm.members().stream()
                        .map(SealedRealm::quoted)
                        .collect(Collectors.joining(", ", ", " + key("members") + "[", "]"));
        return "{ " + key("name") + quoted(realm.name()) + ", " + key("server") + word(trusted ? "trusted" : "sealed")
                + members + " }";
    }
}
