package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.KeptSecrets;
import dev.holdfast.cli.machine.KeyNeeds;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.KeyStores;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.bundle.Bundle;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.PrivatePlace;
import dev.holdfast.keys.store.StoredKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "configure",
        description = {
            "Makes this computer the machine NAME of the configuration: installs its keys and the host keys of the servers.",
            "Run it again after keys or machines changed."
        })
final class ConfigureCommand implements Callable<Integer> {
    private static final int LONGEST_BUNDLE = 32 << 20;

    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The server or client that this computer is.")
    private String name = "";

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "Take the keys from a bundle that `keygen NAME --bundle` wrote, not from the key store.")
    private @Nullable Path bundle;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Take the bundle's passphrase from the first line of a file (environment:"
                    + " HOLDFAST_PASSPHRASE_COMMAND, a command that prints it).")
    private @Nullable Path passphraseFile;

    @Option(
            names = "--join",
            paramLabel = "CODE@HOST:PORT",
            description =
                    "Join by the code of an invitation (`holdfast server invite NAME` on the server): this host makes its own"
                            + " keys. Without CODE before the @ you are asked for it.")
    private @Nullable String join;

    @Option(
            names = "--renewed",
            paramLabel = "CODE",
            description =
                    "On a host that has joined: the check code of the realm key, as `keygen --rotate` showed it. Without it you"
                            + " are asked when the key was renewed.")
    private @Nullable String renewed;

    @Option(
            names = "--no-identity",
            description = "Do not write " + Identity.FILE + " beside the configuration; say --as NAME instead.")
    private boolean noIdentity;

    ConfigureCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Configuration configuration = session.configuration();
        configuration.machine(name);
        StateFolder state = new StateFolder(session.stateDirectory(), name);
        DirectoryKeyStore target = state.keyStore();
        KeyNeeds needs = KeyNeeds.of(configuration, name);
        boolean renews = join == null && bundle == null && asksServers(configuration, state);
        if (renewed != null && !renews) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "--renewed is for a client that has keys and no key store",
                            "Leave it out: keys come from elsewhere here.")
                    .asException();
        }
        if (join != null) {
            return join(configuration, state, needs, join);
        }
        return KeyProblem.translate(() -> {
            Optional<KeyStore> opened = renews ? typed(configuration) : Optional.empty();
            if (renews && opened.isEmpty()) {
                return renew(configuration, state, needs);
            }
            try (Bundle keys = bundle == null
                    ? fromStore(configuration, needs, target, opened)
                    : fromFile(session.resolve(bundle))) {
                requireOwn(keys);
                state.create();
                keys.installInto(target);
                report(configuration, state, needs.missing(keys));
            }
            return 0;
        });
    }

    private int join(Configuration configuration, StateFolder state, KeyNeeds needs, String invitation) {
        if (bundle != null) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "both --join and --bundle",
                            "A host either joins by an invitation and makes its keys itself, or gets them in a bundle.")
                    .asException();
        }
        return KeyProblem.translate(() -> {
            new Joining(session, configuration, state).by(invitation);
            reportJoined(configuration, state, needs);
            return 0;
        });
    }

    /**
     * Whether there are keys here and no key store that they could have come from. A Vault is one when this machine has a token for
     * it, and the check code of a renewed key is only for those who ask servers.
     */
    private boolean asksServers(Configuration configuration, StateFolder state) {
        if (configuration.findClient(name).isEmpty() || !state.isInstalled()) {
            return false;
        }
        return configuration.vault().isPresent()
                ? renewed != null || session.keyStores().isClosed(configuration)
                : !KeyStores.isHere(configuration);
    }

    /** A closed Vault, opened by the person at the terminal. */
    private Optional<KeyStore> typed(Configuration configuration) {
        return renewed != null
                ? Optional.empty()
                : session.keyStores()
                        .whyClosed(configuration)
                        .flatMap(closed -> session.keyStores()
                                .openTyped(
                                        configuration,
                                        closed.getMessage()
                                                + "; type a token of Vault or GitHub (not shown), or press Enter alone to"
                                                + " ask servers for renewed realm keys: "));
    }

    private int renew(Configuration configuration, StateFolder state, KeyNeeds needs) {
        Optional<KeyException> closed =
                renewed != null ? Optional.empty() : session.keyStores().whyClosed(configuration);
        closed.ifPresent(why -> session.remark("note: " + why.getMessage()
                + ", so servers are asked for renewed realm keys; with a token, all keys are taken from the Vault"));
        Machine machine = Machine.open(configuration, new Identity(name, "the command line"), session.stateDirectory());
        try {
            new Renewing(session, machine, Optional.ofNullable(renewed)).renew();
        } catch (HoldfastException e) {
            throw closed.map(why -> besideVault(e, why)).orElse(e);
        }
        reportJoined(configuration, state, needs);
        return 0;
    }

    /** What servers cannot give, the Vault can: their own new host keys above all. */
    private HoldfastException besideVault(HoldfastException failure, KeyException closed) {
        Problem problem = failure.problem();
        String hint = closed.hint() + " All keys then come from the Vault, host keys of servers too. " + problem.hint();
        Problem told = new Problem(problem.code(), problem.message(), hint, problem.context());
        return new HoldfastException(told, failure);
    }

    private void reportJoined(Configuration configuration, StateFolder state, KeyNeeds needs) {
        report(
                configuration,
                state,
                needs.missing(state.keyStore()).stream()
                        .filter(machine -> configuration.findServer(machine).isPresent())
                        .toList());
    }

    /** @param opened the key store, if a person has opened it already */
    private Bundle fromStore(
            Configuration configuration, KeyNeeds needs, DirectoryKeyStore target, Optional<KeyStore> opened) {
        if (!KeyStores.isHere(configuration)) {
            throw Problem.of(
                            ProblemCode.KEY,
                            "no key store at " + configuration.keys(),
                            "Run `holdfast keygen --all` first; on a host that cannot reach the key store, `holdfast keygen "
                                    + name + " --bundle FILE` there and `holdfast configure " + name
                                    + " --bundle FILE` here, or `holdfast server invite " + name
                                    + "` on the server, which says what to run here.")
                    .asException();
        }
        try (KeyStore store = opened.orElseGet(() -> session.keyStores().open(configuration))) {
            return needs.bundle(new KeptSecrets(store, target));
        }
    }

    private Bundle fromFile(Path file) {
        String text = read(file);
        char[] passphrase = new SecretInput(session).passphrase(passphraseFile);
        try {
            return Bundle.open(text, passphrase);
        } finally {
            Arrays.fill(passphrase, ' ');
        }
    }

    private String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (PrivatePlace.isWide(file)) {
                session.alarm(Problem.of(
                        ProblemCode.KEY,
                        "others may use the bundle " + file + ": only its passphrase protects the keys in it",
                        "Remove it when this host is configured, or run `chmod 600 '" + file + "'`."));
            }
            return new String(in.readNBytes(LONGEST_BUNDLE), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "cannot read the bundle " + file + ": "
                                    + e.getClass().getSimpleName(),
                            "Check that it exists and that you may read it."),
                    e);
        }
    }

    private void requireOwn(Bundle keys) {
        if (!keys.machine().equals(name)) {
            throw Problem.of(
                            ProblemCode.KEY,
                            "the bundle is for machine '" + keys.machine() + "', not for '" + name + "'",
                            "Run `holdfast keygen " + name + " --bundle FILE` where the key store is.")
                    .asException();
        }
        StoredKeys stored = new StoredKeys(keys);
        try (MachineKeys own = stored.machine(name)) {
            if (stored.findPublic(name).filter(own.publicKeys()::equals).isEmpty()) {
                throw new KeyException(
                        KeyException.Reason.WRONG,
                        "the private keys of machine '" + name
                                + "' here are not those whose public keys the key store has",
                        "They were rotated elsewhere: bring them with `holdfast keygen " + name
                                + " --bundle FILE` from where the private keys are.");
            }
        }
    }

    private void report(Configuration configuration, StateFolder state, List<String> missing) {
        Optional<Path> identity = noIdentity ? Optional.empty() : writeIdentity(configuration);
        StoredKeys installed = new StoredKeys(state.keyStore());
        if (session.options().json()) {
            session.json()
                    .line(
                            "summary",
                            json -> json.text("machine", name)
                                    .text("folder", state.folder().toString())
                                    .text(
                                            "identity_file",
                                            identity.map(Path::toString).orElse(""))
                                    .texts("without_keys", missing));
        } else {
            session.say("this computer is machine '" + name + "'; its keys are in " + state.keys());
            for (Server server : configuration.servers()) {
                installed
                        .findSsh(server.name())
                        .filter(key -> !server.name().equals(name))
                        .ifPresent(key -> session.say(
                                "server '" + server.name() + "' is known by host key " + key.fingerprint()));
            }
        }
        if (!missing.isEmpty()) {
            session.remark("warning: no keys yet for " + String.join(", ", missing)
                    + "; run `holdfast keygen --all` where the key store is, then this command again");
        }
        session.remark(
                "next: `holdfast check" + (configuration.findClient(name).isPresent() ? " --connection" : "") + "`");
    }

    /** Writes our own file, also beside one of privateer's, which is left as it is. */
    private Optional<Path> writeIdentity(Configuration configuration) {
        Path own = configuration.file().resolveSibling(Identity.FILE);
        Optional<Path> present = Identity.file(configuration);
        String before = present.map(Identity::read).orElse(name);
        if (!before.equals(name)) {
            session.remark("note: " + present.orElse(own) + " said '" + before + "' until now; `--as " + before
                    + "` still means that machine");
        }
        try {
            Identity.write(own, name);
            return Optional.of(own);
        } catch (IOException e) {
            if (present.isPresent() && before.equals(name)) {
                return present;
            }
            session.remark("warning: cannot write " + own + "; say `--as " + name + "` or set HOLDFAST_AS");
            return Optional.empty();
        }
    }
}
