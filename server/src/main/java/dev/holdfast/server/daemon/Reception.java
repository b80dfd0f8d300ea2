package dev.holdfast.server.daemon;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.store.StoredKeys;
import dev.holdfast.server.join.Admission;
import dev.holdfast.server.join.Invitation;
import dev.holdfast.server.join.Invitations;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where those who come by an invitation are received. They log in under a name that no host can have, since it has spaces, so that
 * nobody takes one for a host.
 */
final class Reception implements Admission {
    private static final String GUEST = "invitation ";

    private final Invitations invitations;
    private final CurrentGrants membership;
    private final Supplier<StoredKeys> keyStore;
    private final Runnable refresh;

    /**
     * @param keyStore the public keys that the server reads
     * @param refresh lets a changed membership count
     */
    Reception(Invitations invitations, CurrentGrants membership, Supplier<StoredKeys> keyStore, Runnable refresh) {
        this.invitations = invitations;
        this.membership = membership;
        this.keyStore = keyStore;
        this.refresh = refresh;
    }

    /** Under which name the holder of a login key comes in, if it is that of an invitation, whatever has become of it. */
    Optional<String> guestOf(SshPublicKey key) {
        return invitations.find(key).map(invitation -> GUEST + invitation.number() + " for " + invitation.name());
    }

    /** The invitation of one that came in under that name; empty for hosts. */
    Optional<Invitation> invitationOf(String login) {
        if (!login.startsWith(GUEST)) {
            return Optional.empty();
        }
        String number = login.substring(GUEST.length(), login.indexOf(' ', GUEST.length()));
        return invitations.all().stream()
                .filter(invitation -> Long.toString(invitation.number()).equals(number))
                .findFirst();
    }

    boolean isGuest(String login) {
        return login.startsWith(GUEST);
    }

    @Override
    public void require(Invitation.Guest guest, MachinePublicKeys keys) {
        Configuration configuration = membership.now().configuration();
        if (configuration.findClient(guest.name()).isEmpty()) {
            throw refused(
                    "'" + guest.name() + "' is no longer a client in the server's configuration",
                    "On the server, add it under `clients`; then the same code works.");
        }
        try {
            requireSameKeys(configuration, guest);
            requireOwnKey(configuration, keys);
        } catch (KeyException e) {
            throw new HoldfastException(
                    Problem.of(ProblemCode.KEY, "the server cannot read its keys: " + e.getMessage(), e.hint()), e);
        }
    }

    private void requireSameKeys(Configuration configuration, Invitation.Guest guest) {
        StoredKeys stored = keyStore.get();
        boolean sameRealms = areThose(configuration, guest)
                && guest.epochs().entrySet().stream()
                        .allMatch(realm -> isOfEpoch(stored, realm.getKey(), realm.getValue()));
        if (!sameRealms
                || !stored.findPublic(guest.name()).map(MachinePublicKeys::ssh).equals(guest.before())) {
            throw refused(
                    (sameRealms ? "the keys of '" + guest.name() + "'" : "a realm key of '" + guest.name() + "'")
                            + " changed after it was invited",
                    "On the server, run `holdfast server invite " + guest.name()
                            + " --replace`, and join by the new code.");
        }
    }

    /** Keyrings of other servers' local volumes may not be here: those servers tell the host of a newer epoch themselves. */
    private boolean isOfEpoch(StoredKeys stored, String realm, int epoch) {
        Configuration configuration = membership.now().configuration();
        boolean ofOther = configuration.locals().realms().stream()
                        .anyMatch(local -> local.name().equals(realm))
                && !configuration
                        .locals()
                        .realm(membership.now().server().name())
                        .map(Realm::name)
                        .equals(Optional.of(realm));
        OptionalInt now = stored.findEpoch(realm);
        return now.isPresent() ? now.getAsInt() == epoch : ofOther;
    }

    /** Its own realm, and of those of local volumes none that it may not read any more. */
    private static boolean areThose(Configuration configuration, Invitation.Guest guest) {
        Set<String> may = configuration.locals().realmsOf(guest.name()).stream()
                .map(Realm::name)
                .collect(Collectors.toCollection(HashSet::new));
        String own = configuration.realmOf(guest.name()).name();
        may.add(own);
        return guest.epochs().containsKey(own) && may.containsAll(guest.epochs().keySet());
    }

    private void requireOwnKey(Configuration configuration, MachinePublicKeys keys) {
        StoredKeys stored = keyStore.get();
        boolean taken = membership
                        .now()
                        .hostOf(keys.ssh())
                        .filter(host -> !host.equals(keys.name()))
                        .isPresent()
                || invitations.find(keys.ssh()).isPresent()
                || configuration.servers().stream()
                        .anyMatch(server -> stored.findSsh(server.name()).equals(Optional.of(keys.ssh())));
        if (taken) {
            throw refused(
                    "the SSH key " + keys.ssh() + " belongs to another machine",
                    "Every machine needs keys of its own: remove those in the state folder of '" + keys.name()
                            + "' on the new host, then run the same command again.");
        }
    }

    @Override
    public void joined(String name) {
        refresh.run();
    }

    private static HoldfastException refused(String message, String hint) {
        return Problem.of(ProblemCode.DENIED, message, hint).asException();
    }
}
