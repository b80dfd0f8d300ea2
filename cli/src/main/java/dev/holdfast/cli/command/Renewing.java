package dev.holdfast.cli.command;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.cli.machine.KeyNeeds;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.realm.CheckCode;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.Renewal;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.StoredKeys;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code configure NAME} on a host that has joined: it has keys and no key store, so it asks the servers for realm keys that were
 * renewed. A server is believed no further than {@link Renewal} proves, and where it must not know the key, a person brings the check
 * code from where the key was renewed.
 */
final class Renewing {
    private final Session session;
    private final Configuration configuration;
    private final Machine machine;
    private final DirectoryKeyStore installed;
    private final StoredKeys stored;
    private final Optional<String> code;

    /** @param code the check code of the renewed key, if it was given already */
    Renewing(Session session, Machine machine, Optional<String> code) {
        this.session = session;
        this.configuration = machine.configuration();
        this.machine = machine;
        this.installed = machine.state().keyStore();
        this.stored = machine.keys();
        this.code = code;
    }

    /** Installs what is renewed; {@code UNREACHABLE} or the like when no server answers. */
    void renew() {
        List<String> realms = KeyNeeds.of(configuration, machine.name()).realms();
        Map<String, Map<String, String>> given = ask(realms);
        try (MachineKeys own = stored.machine(machine.name())) {
            for (String realm : realms) {
                renew(realm, given, own);
            }
        }
    }

    /** What each server says that answers. */
    private Map<String, Map<String, String>> ask(List<String> realms) {
        Map<String, Map<String, String>> given = new LinkedHashMap<>();
        Optional<HoldfastException> failure = Optional.empty();
        for (Server server : configuration.servers()) {
            try (ServerLink link = session.connections(machine).connect(server.name())) {
                Map<String, String> keyrings = new LinkedHashMap<>();
                realms.forEach(realm -> link.keyring(realm).ifPresent(text -> keyrings.put(realm, text)));
                given.put(server.name(), keyrings);
            } catch (HoldfastException e) {
                session.remark("warning: server '" + server.name() + "' was not asked: "
                        + e.problem().message());
                failure = Optional.of(e);
            }
        }
        if (given.isEmpty() && failure.isPresent()) {
            throw failure.get();
        }
        return given;
    }

    private void renew(String realm, Map<String, Map<String, String>> given, MachineKeys own) {
        Optional<Keyring> before = stored.findKeyring(realm);
        if (before.isEmpty()) {
            first(realm, given, own);
            return;
        }
        given.values().stream()
                .flatMap(server -> Optional.ofNullable(server.get(realm)).stream())
                .map(Keyring::parse)
                .filter(keyring -> keyring.realm().equals(realm))
                .max(Comparator.comparingInt(Keyring::epoch))
                .filter(newest -> newest.epoch() > before.get().epoch())
                .ifPresent(newest -> install(realm, before.get(), newest, own));
        say(realm, before.get().epoch(), stored.keyring(realm).epoch());
    }

    private void install(String realm, Keyring now, Keyring newer, MachineKeys own) {
        if (!newer.opensFor(own.publicKeys().sealing())) {
            throw new KeyException(
                    Reason.MISSING,
                    "the key of realm '" + realm + "' was renewed without '" + machine.name() + "'",
                    "On the server's machine, run `holdfast keygen " + machine.name()
                            + "`, as the server's user, then this command again.");
        }
        Optional<Renewal> found = Renewal.of(now, newer, own.sealing());
        if (found.isEmpty()) {
            return;
        }
        try (Renewal renewal = found.get()) {
            if (!mayServersKnow(realm)) {
                requireSame(realm, renewal);
            }
            put(renewal.keyring(machine.name(), own.sealing(), session.random()));
        }
    }

    private void put(Keyring keyring) {
        installed.put(KeyEntry.keyring(keyring.realm()), keyring.encode().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The key of local volumes, which this host was not allowed to restore when it joined. There is nothing here to prove it by; that
     * server holds it anyway, and nothing of this host's is ever sealed by it.
     */
    private void first(String realm, Map<String, Map<String, String>> given, MachineKeys own) {
        for (Server server : configuration.servers()) {
            boolean ofThatServer = configuration
                    .locals()
                    .realm(server.name())
                    .filter(local -> local.name().equals(realm))
                    .isPresent();
            Optional<Keyring> first = Optional.ofNullable(
                            given.getOrDefault(server.name(), Map.of()).get(realm))
                    .filter(text -> ofThatServer)
                    .map(Keyring::parse)
                    .filter(keyring -> keyring.realm().equals(realm))
                    .filter(keyring -> keyring.opensFor(own.publicKeys().sealing()));
            if (first.isPresent()) {
                first.get().unwrap(own.sealing()).close();
                put(first.get());
                say(realm, 0, first.get().epoch());
            }
        }
    }

    /** Whether the configuration gives the key to servers, so that it is no secret from them. */
    private boolean mayServersKnow(String realm) {
        return configuration.realms().stream()
                .filter(one -> one.name().equals(realm))
                .allMatch(Realm::serverTrusted);
    }

    private void requireSame(String realm, Renewal renewal) {
        CheckCode wanted = renewal.checkCode();
        String what = "the key of realm '" + realm + "' was renewed (epoch " + renewal.epoch() + ")";
        String how =
                "`holdfast keygen --rotate` showed it where the key was renewed, and `holdfast check` shows it on a host that has the"
                        + " new key.";
        if (code.isEmpty() && !session.terminal().shape().inIsTerminal()) {
            throw Problem.of(
                            ProblemCode.KEY,
                            what + ", and only its check code tells that it was not the server who did it",
                            "Run `holdfast configure " + machine.name() + " --renewed CODE`: " + how)
                    .asException();
        }
        String typed = code.orElseGet(() -> {
            session.remark(what + "; " + how);
            return session.terminal().keyboard().line("check code: ").orElse("");
        });
        if (!wanted.matches(typed)) {
            throw Problem.of(
                            ProblemCode.KEY,
                            what + ", but that is not its check code; the key stays as it was",
                            "Compare it letter by letter with what `holdfast keygen --rotate` showed where the key was renewed,"
                                    + " or with what `holdfast check` shows on a host that has the new key. If it is another one there, somebody who had the old key and the server has made this one:"
                                    + " look after the server.")
                    .asException();
        }
    }

    private void say(String realm, int before, int now) {
        boolean renewed = now > before;
        if (session.options().json()) {
            session.json()
                    .line(
                            "realm",
                            json -> json.text("realm", realm)
                                    .number("epoch", now)
                                    .flag("renewed", renewed));
        } else {
            session.say("key of realm '" + realm + "': epoch " + now + (renewed ? ", new here" : ", as before"));
        }
    }
}
