package dev.holdfast.cli.machine;

import dev.holdfast.agent.memory.MemoryBudget;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.HostConfiguration;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.config.Limits;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.store.StoredKeys;
import java.nio.file.Path;
import java.util.Optional;

/** This machine, configured: what the configuration says of it and the keys that it has. */
public final class Machine {
    private final Configuration configuration;
    private final StateFolder state;
    private final StoredKeys keys;

    private Machine(Configuration configuration, StateFolder state) {
        this.configuration = configuration;
        this.state = state;
        this.keys = new StoredKeys(state.keyStore());
    }

    /** Throws {@code KEY} when {@code configure} was not run here for that machine. */
    public static Machine open(Configuration configuration, Identity identity, Path stateDirectory) {
        StateFolder state = new StateFolder(stateDirectory, identity.name());
        if (!state.isInstalled()) {
            throw Problem.of(
                            ProblemCode.KEY,
                            "machine '" + identity.name() + "' is not configured here: no keys in " + state.keys(),
                            "Run `holdfast configure " + identity.name() + "`, or name another state directory with"
                                    + " --state or HOLDFAST_STATE.")
                    .with("machine", identity.name())
                    .with("said_by", identity.saidBy())
                    .asException();
        }
        return new Machine(configuration, state);
    }

    public Configuration configuration() {
        return configuration;
    }

    public String name() {
        return state.name();
    }

    public StateFolder state() {
        return state;
    }

    /** The installed keys; they fail with {@code KeyException}, which the program shows as a problem too. */
    public StoredKeys keys() {
        return keys;
    }

    public boolean isServer() {
        return configuration.findServer(name()).isPresent();
    }

    /** What it is, in a word; a person counts as a client. */
    public String role() {
        return isServer() ? "server" : "client";
    }

    /** Whether it is an operator or reader, who has no backups. */
    public boolean isOnlyPerson() {
        return configuration.isOnlyPerson(name());
    }

    /** What the configuration means for this client; {@code USAGE} on a server and for a person. */
    public HostConfiguration host() {
        if (isServer()) {
            throw wrongRole("server", "client");
        }
        if (isOnlyPerson()) {
            throw noClient(name());
        }
        return configuration.forHost(name());
    }

    /** Somebody who is in the configuration as a person alone has no backups. */
    public static HoldfastException noClient(String person) {
        return Problem.of(
                        ProblemCode.USAGE,
                        "'" + person + "' is no client but an operator or reader, who has no backups",
                        "Use `holdfast status`, or say with `--as NAME` which client this machine is.")
                .asException();
    }

    /** A volume as it lies on this machine. */
    public HostVolume volume(String name) {
        return isServer() ? configuration.locals().volume(name) : host().volume(name);
    }

    private Limits limits() {
        return isServer() ? configuration.limits() : host().limits();
    }

    /** How many threads a run of this machine gets: {@code limits.threads}, as far as {@code limits.memory} and the heap allow. */
    public int threads() {
        Limits limits = limits();
        Runtime runtime = Runtime.getRuntime();
        return MemoryBudget.threads(
                limits.threads(), limits.memory(), runtime.availableProcessors(), runtime.maxMemory());
    }

    /** What the configuration says of this server; {@code USAGE} on a client. */
    public Server server() {
        return configuration.findServer(name()).orElseThrow(() -> wrongRole("client", "server"));
    }

    private HoldfastException wrongRole(String is, String needed) {
        return Problem.of(
                        ProblemCode.USAGE,
                        "this machine, '" + name() + "', is a " + is + ", and this is for a " + needed,
                        "Run it on a " + needed + ", or say with `--as NAME` that this machine is one.")
                .asException();
    }

    /** The secrets of this machine; the caller closes them. */
    public MachineKeys secrets() {
        return KeyProblem.translate(() -> keys.machine(name()));
    }

    /**
     * The realm in which the snapshots of a source lie, as far as this machine may have its key. On a server, {@code DENIED} for what
     * it keeps sealed.
     */
    public String realmOf(String source) {
        if (isServer()) {
            return configuration
                    .realmOfSource(configuration.machine(source))
                    .filter(realm -> realm.serverTrusted() && (source.equals(name()) || !isServer(source)))
                    .map(Realm::name)
                    .orElseThrow(() -> sealed(source));
        }
        Optional<Realm> local = isServer(source) ? configuration.locals().realm(source) : Optional.empty();
        return local.map(Realm::name).orElseGet(() -> host().realm().value().name());
    }

    private boolean isServer(String machine) {
        return configuration.findServer(machine).isPresent();
    }

    private HoldfastException sealed(String source) {
        if (configuration.findClient(source).isPresent()) {
            return new SealedRealm(configuration, name(), source)
                    .refusal("Run this on a client that may restore them, with `--source " + source + "`.")
                    .asException();
        }
        return Problem.of(
                        ProblemCode.DENIED,
                        "server '" + name() + "' cannot read backups of '" + source + "': it has no local volumes",
                        "Run this on a client that may restore them.")
                .asException();
    }

    /** The key of this client's realm; the caller closes it. */
    public RealmKey realmKey() {
        return realmKey(host().realm().value().name());
    }

    /** The key of a realm that this machine belongs to, as client or as trusted server; the caller closes it. */
    public RealmKey realmKey(String realm) {
        return KeyProblem.translate(() -> {
            Optional<String> way = isServer() ? Optional.empty() : LocalRealm.wayToKey(configuration, realm, name());
            if (way.isPresent() && !isGiven(realm)) {
                throw Problem.of(
                                ProblemCode.KEY,
                                "'" + name() + "' does not have the key of realm '" + realm
                                        + "', that of volumes which lie on a server",
                                way.get())
                        .asException();
            }
            return keys.realmKey(realm, name());
        });
    }

    /** Whether there is a keyring here, with a line for this machine. */
    private boolean isGiven(String realm) {
        Optional<Keyring> keyring = keys.findKeyring(realm);
        return keyring.isPresent()
                && keys.findPublic(name())
                        .filter(own -> !keyring.get().opensFor(own.sealing()))
                        .isEmpty();
    }
}
