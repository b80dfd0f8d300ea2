package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.JoinedHosts;
import dev.holdfast.cli.machine.KeyStores;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Configuration;
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
import java.util.Optional;

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
        Optional<SshPublicKey> before = known.findSsh(name);
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
        try (RealmKey key = open(keyring, recovery)) {
            InvitationCode code = InvitationCode.generate(hostKey, session.random());
            String welcome = Welcome.of(name, servers, keyring, key, code, session.random())
                    .encode(code);
            Invitation made = Invitations.in(setup.state(), session.clock())
                    .add(
                            new Invitation.Guest(name, keyring.realm(), keyring.epoch(), before),
                            code.loginKey(),
                            time,
                            welcome);
            return new Made(made, code);
        }
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
        RealmAccess here = RealmAccess.of(List.of(machine.state().keyStore(), setup.publicKeys()));
        try {
            return (recovery.isPresent() ? here.with(recovery.get()) : here).open(keyring);
        } catch (KeyException e) {
            if (e.reason() != Reason.MISSING) {
                throw e;
            }
            return openElsewhere(keyring, e);
        }
    }

    private RealmKey openElsewhere(Keyring keyring, KeyException missing) {
        if (configuration.vault().isPresent() && KeyStores.isHere(configuration)) {
            try (KeyStore vault = session.keyStores().open(configuration)) {
                return RealmAccess.of(List.of(vault)).open(keyring);
            } catch (KeyException e) {
                if (e.reason() != Reason.MISSING) {
                    throw e;
                }
            }
        }
        throw new HoldfastException(
                Problem.of(
                        ProblemCode.KEY,
                        "nothing on this machine opens the key of realm '" + keyring.realm()
                                + "', which the new host needs",
                        "Run the same command with `--recovery` and type the recovery key. (A realm with `server: trusted`, or"
                                + " the private keys of a member in the key store here, make that needless.)"),
                missing);
    }
}
