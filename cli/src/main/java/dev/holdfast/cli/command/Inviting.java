package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.JoinedHosts;
import dev.holdfast.cli.machine.KeyStores;
import dev.holdfast.cli.machine.LocalRealm;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.invite.InvitationCode;
import dev.holdfast.keys.invite.Welcome;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.RealmAccess;
import dev.holdfast.keys.store.StoredKeys;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.join.Invitation;
import dev.holdfast.server.join.Invitations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes an invitation on the server's machine: opens the realm key there, and leaves it for whoever has the code. */
final class Inviting {
    private final Session session;
    private final Machine machine;
    private final ServerSetup setup;
    private final Configuration configuration;

    Inviting(Session session, Machine machine, ServerSetup setup) {
        this.session = session;
        this.machine = machine;
        this.setup = setup;
        this.configuration = machine.configuration();
    }

    /** @param code the caller's to show and to close */
    record Made(Invitation invitation, InvitationCode code) {}

    Made invite(String name, Duration time, boolean replace, Optional<RecoveryKey> recovery) {
        configuration.client(name);
        StoredKeys known = new StoredKeys(setup.publicKeys());
        Optional<SshPublicKey> before = known.findPublic(name).map(MachinePublicKeys::ssh);
        if (!replace) {
            requireWithoutKeys(name, before, known);
        }
        Keyring keyring = known.keyring(configuration.realmOf(name).name());
        List<MachinePublicKeys> servers = servers(known);
        SshPublicKey hostKey = servers.stream()
                .filter(server -> server.name().equals(machine.name()))
                .findFirst()
                .orElseThrow()
                .ssh();
        InvitationCode code = InvitationCode.generate(hostKey, session.random());
        List<Keyring> keyrings = new ArrayList<>();
        try (RealmKey key = open(keyring, recovery)) {
            keyrings.add(Welcome.reduced(keyring, key, name, code, session.random()));
        }
        for (Realm realm : configuration.locals().realmsOf(name)) {
            ofLocals(realm, name, known, recovery).ifPresent(opened -> {
                try (RealmKey key = opened.key()) {
                    keyrings.add(Welcome.reduced(opened.keyring(), key, name, code, session.random()));
                }
            });
        }
        Map<String, Integer> epochs = keyrings.stream().collect(Collectors.toMap(Keyring::realm, Keyring::epoch));
        Invitation made = Invitations.in(setup.state(), session.clock())
                .add(
                        new Invitation.Guest(name, epochs, before),
                        code.loginKey(),
                        time,
                        new Welcome(name, servers, keyrings).encode(code));
        return new Made(made, code);
    }

    private record Opened(Keyring keyring, RealmKey key) {}

    /** Of another server's local volumes perhaps nothing here opens the key; that is no reason to keep the host from its backups. */
    private Optional<Opened> ofLocals(Realm realm, String guest, StoredKeys known, Optional<RecoveryKey> recovery) {
        try {
            Optional<Keyring> keyring = known.findKeyring(realm.name()).or(() -> inStore(realm));
            if (keyring.isPresent()) {
                return Optional.of(new Opened(keyring.get(), open(keyring.get(), recovery)));
            }
            boolean closed = session.keyStores().isClosed(configuration);
            String why = "its keyring is not on this machine";
            if (closed) {
                why = "its keyring is in " + KeyStores.name(configuration)
                        + ", for which there is no token: set VAULT_TOKEN";
            } else if (KeyStores.isHere(configuration)) {
                why = "there is none yet: `holdfast keygen --all` makes it";
            }
            without(realm, guest, why);
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.KEY) {
                throw e;
            }
            boolean withPaper = recovery.isPresent();
            without(
                    realm,
                    guest,
                    withPaper
                            ? e.problem().message()
                            : "nothing on this machine opens it; with `--recovery` the recovery key does");
        } catch (KeyException e) {
            without(realm, guest, e.getMessage() + ". " + e.hint());
        }
        return Optional.empty();
    }

    /** A server has the keyrings of its own realms; those of other servers' local volumes are in the key store. */
    private Optional<Keyring> inStore(Realm realm) {
        if (!session.keyStores().isAtHand(configuration)) {
            return Optional.empty();
        }
        try (KeyStore store = session.keyStores().open(configuration)) {
            return new StoredKeys(store).findKeyring(realm.name());
        }
    }

    private void without(Realm realm, String guest, String why) {
        session.remark("warning: the host will not get the key of realm '" + realm.name()
                + "', by which it could restore volumes that lie on a server: " + why + ". Later it can get it so: "
                + LocalRealm.wayToKey(configuration, realm.name(), guest).orElseThrow());
    }

    private void requireWithoutKeys(String name, Optional<SshPublicKey> before, StoredKeys known) {
        boolean joined = JoinedHosts.of(configuration, session.stateDirectory(), session.clock()).stream()
                .anyMatch(newcomer -> newcomer.keys().name().equals(name) && newcomer.counts(known));
        if (before.isPresent() || joined) {
            throw Problem.of(
                            ProblemCode.FAILED,
                            "client '" + name + "' has keys already" + (joined ? ": it joined by an invitation" : ""),
                            "Add `--replace` when the host lost them, or is to get the realm key anew; its keys of now work"
                                    + " until it has joined. If they were stolen, run `holdfast keygen --rotate " + name
                                    + "` first.")
                    .asException();
        }
    }

    /** This one by the keys that it shows, the others as far as they have keys. */
    private List<MachinePublicKeys> servers(StoredKeys known) {
        List<MachinePublicKeys> servers = new ArrayList<>();
        for (Server server : configuration.servers()) {
            if (server.name().equals(machine.name())) {
                servers.add(machine.keys()
                        .findPublic(server.name())
                        .orElseThrow(() -> new KeyException(
                                Reason.MISSING,
                                "the public keys of server '" + server.name() + "' are not in "
                                        + machine.state().keys(),
                                "Run `holdfast configure " + server.name() + "` again.")));
            } else {
                known.findPublic(server.name()).ifPresent(servers::add);
            }
        }
        return servers;
    }

    /** A Vault is only asked when nothing on this machine opens it. */
    private RealmKey open(Keyring keyring, Optional<RecoveryKey> recovery) {
        RealmAccess here = RealmAccess.of(List.of(machine.state().keyStore(), setup.publicKeys()), this::passedOver);
        try {
            return (recovery.isPresent() ? here.with(recovery.get()) : here).open(keyring);
        } catch (KeyException e) {
            if (e.reason() != Reason.MISSING) {
                throw e;
            }
            return openElsewhere(keyring, e);
        }
    }

    private void passedOver(KeyException unreadable) {
        session.remark(
                "warning: " + unreadable.getMessage() + "; another key served in its place. " + unreadable.hint());
    }

    private RealmKey openElsewhere(Keyring keyring, KeyException missing) {
        if (configuration.vault().isPresent() && KeyStores.isHere(configuration)) {
            try (KeyStore vault = session.keyStores().open(configuration)) {
                return RealmAccess.of(List.of(vault), this::passedOver).open(keyring);
            } catch (KeyException e) {
                if (e.reason() != Reason.MISSING) {
                    throw e;
                }
            }
        }
        boolean closed = session.keyStores().isClosed(configuration);
        throw new HoldfastException(
                Problem.of(
                        ProblemCode.KEY,
                        "nothing on this machine opens the key of realm '" + keyring.realm()
                                + "', which the new host needs"
                                + (closed ? ", and there is no token for " + KeyStores.name(configuration) : ""),
                        (closed ? "Set VAULT_TOKEN, if this machine may read the Vault. Else: " : "")
                                + "Run the same command with `--recovery` and type the recovery key. (A realm with `server: trusted`, or"
                                + " the private keys of a member in the key store here, make that needless.)"),
                missing);
    }
}
