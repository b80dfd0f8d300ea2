package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.KeyNeeds;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.Newcomer;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.keys.store.StoredKeys;
import java.util.List;
import java.util.Optional;

/**
 * Whether first keys may be made where nobody knows who has joined. A host that joined a server of another machine has no keys in the
 * key store yet, just like one that is new; new keys for it in the key store shut it out. While no server has keys, nobody can have
 * joined.
 */
final class FirstKeys {
    private final Session session;
    private final Configuration configuration;
    private final List<Newcomer> joined;
    private final StoredKeys stored;

    /** @param joined hosts that joined a server of this machine, whose keys the same run takes over */
    FirstKeys(Session session, Configuration configuration, KeyStore store, List<Newcomer> joined) {
        this.joined = joined;
        this.session = session;
        this.configuration = configuration;
        this.stored = new StoredKeys(store);
    }

    /**
     * Asks a person before {@code machine} or all clients get first keys, and warns where there is none to ask: whoever adds clients by a
     * script must not be stopped.
     *
     * @param dryRun only tells
     * @param yes the person has answered
     * @return what was warned of
     */
    List<String> requireMeant(Optional<String> machine, boolean dryRun, boolean yes) {
        List<String> elsewhere = serversElsewhere();
        List<String> fresh = withoutKeys(machine);
        if (yes || elsewhere.isEmpty() || fresh.isEmpty()) {
            return List.of();
        }
        String names = String.join(", ", fresh);
        String danger = "first keys for " + names + " shut out a host that has joined by an invitation";
        String way = "The keys of a host that has joined are taken over by `holdfast keygen` on the machine of server "
                + String.join(" or ", elsewhere)
                + ", as the server's user; one that is shut out joins again by `holdfast server invite NAME --replace`.";
        return settle(
                new Doubt(
                        danger, way, "If none of them has joined, all is well.", "Make first keys for " + names + "?"),
                dryRun);
    }

    /**
     * What may be a mistake.
     *
     * @param way what to do when it is one
     * @param harmless when it is none
     * @param question whether to go on
     */
    private record Doubt(String danger, String way, String harmless, String question) {}

    private List<String> settle(Doubt doubt, boolean dryRun) {
        String told = doubt.danger() + ". " + doubt.way();
        if (dryRun) {
            session.remark("note: " + told);
            return List.of();
        }
        if (!session.terminal().shape().inIsTerminal()) {
            session.alarm(Problem.of(ProblemCode.KEY, doubt.danger(), doubt.way() + " " + doubt.harmless()));
            return List.of(doubt.danger());
        }
        session.remark(told);
        if (!session.confirm(doubt.question())) {
            throw Problem.of(ProblemCode.CANCELLED, "cancelled; no keys were made", "")
                    .asException();
        }
        return List.of();
    }

    /**
     * Asks a person before a realm gets its first key although machines of it had keys before, and warns where there is none to ask: the
     * realm is new, or the key store has lost the key that its backups need.
     *
     * @return what was warned of
     */
    List<String> requireNewRealms(Optional<String> machine, boolean dryRun, boolean yes) {
        List<String> fresh = KeyNeeds.members(configuration).stream()
                .filter(realm -> machine.map(realm.machines()::contains).orElse(true))
                .filter(realm -> stored.findKeyring(realm.realm()).isEmpty() && isOld(realm))
                .map(RealmMembers::realm)
                .toList();
        if (yes || fresh.isEmpty()) {
            return List.of();
        }
        String names = String.join(", ", fresh);
        String danger = "first key for realm " + names + ", whose machines have keys already";
        String way =
                "If there are backups of it, the key store has lost the key that opens them: bring that back first, from a"
                        + " backup or a former version of the key store.";
        return settle(
                new Doubt(
                        danger, way, "If the realm is new, all is well.", "Make a first key for realm " + names + "?"),
                dryRun);
    }

    /** A server's local volumes are a realm from the server's first keys on. */
    private boolean isOld(RealmMembers realm) {
        Optional<String> server = configuration.servers().stream()
                .map(Server::name)
                .filter(name -> realm.realm()
                        .equals(configuration
                                .locals()
                                .realm(name)
                                .map(Realm::name)
                                .orElse("")))
                .findFirst();
        return server.map(List::of).orElse(realm.machines()).stream()
                .anyMatch(machine -> stored.findPublic(machine).isPresent());
    }

    private List<String> serversElsewhere() {
        List<String> here = StateFolder.installed(session.stateDirectory());
        return configuration.servers().stream()
                .map(Server::name)
                .filter(server ->
                        !here.contains(server) && stored.findPublic(server).isPresent())
                .toList();
    }

    private List<String> withoutKeys(Optional<String> machine) {
        return configuration.clients().stream()
                .map(Client::name)
                .filter(client -> machine.map(client::equals).orElse(true))
                .filter(client -> stored.findPublic(client).isEmpty() && !isTakenOver(client))
                .toList();
    }

    private boolean isTakenOver(String client) {
        return joined.stream().anyMatch(newcomer -> newcomer.keys().name().equals(client) && newcomer.counts(stored));
    }
}
