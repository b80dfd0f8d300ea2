package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.JoinedHosts;
import dev.holdfast.cli.machine.KeyNeeds;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.PrivateFile;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.bundle.Bundle;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.KeyPlan.Step;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.Newcomer;
import dev.holdfast.keys.store.RealmMembers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "keygen",
        description = {
            "Makes the keys that are missing, in the key store: the Vault of the configuration, else the folder beside it.",
            "Nothing is ever overwritten, so it may be run again whenever a machine was added. The first run also makes the"
                    + " recovery key and shows it, once."
        })
final class KeygenCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "The server, client, operator or reader to make keys for.")
    private @Nullable String name;

    @Option(names = "--all", description = "For all machines, operators and readers of the configuration.")
    private boolean all;

    @Option(
            names = "--rotate",
            paramLabel = "NAME",
            description =
                    "Replace the keys of this machine, as after a theft, and start a new epoch of its realm keys.")
    private @Nullable String rotate;

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description =
                    "Also write what the machine needs into one file under a passphrase, for `configure NAME --bundle`"
                            + " on a host that cannot reach the key store.")
    private @Nullable Path bundle;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description =
                    "Take the passphrase from the first line of a file (environment: HOLDFAST_PASSPHRASE_COMMAND, a"
                            + " command that prints it).")
    private @Nullable Path passphraseFile;

    @Option(
            names = "--recovery",
            description = "Ask for the recovery key, when no private key here can open a realm key any more.")
    private boolean recovery;

    @Option(
            names = "--recovery-out",
            paramLabel = "FILE",
            description = "Write a new recovery key into this new file instead of showing it.")
    private @Nullable Path recoveryOut;

    @Option(
            names = {"-y", "--yes"},
            description =
                    "Do not ask before first keys are made for clients that may have joined by an invitation on another machine.")
    private boolean yes;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only say what would be done.")
    private boolean dryRun;

    KeygenCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        requireSense();
        Configuration configuration = session.configuration();
        Optional<String> machine =
                Optional.ofNullable(rotate != null ? rotate : name).map(configuration::machine);
        refuseExistingFiles();
        if (configuration.vault().isPresent() && Files.isDirectory(configuration.keys())) {
            session.remark("note: keys are in the Vault of the configuration, not in " + configuration.keys());
        }
        KeyProblem.translate(() -> {
            try (KeyStore store = session.keyStores().open(configuration)) {
                generate(configuration, store, machine);
            }
            return machine;
        });
        return 0;
    }

    private void requireSense() {
        if (rotate != null && (all || (name != null && !name.equals(rotate)))) {
            throw usage("--rotate replaces the keys of one machine", "Run `holdfast keygen --rotate NAME`.");
        }
        if (rotate == null && all == (name != null)) {
            throw usage(
                    all ? "both --all and the name of a machine" : "neither --all nor the name of a machine",
                    "Run `holdfast keygen --all`, or `holdfast keygen NAME` for one machine.");
        }
        if (bundle != null && all) {
            throw usage(
                    "a bundle is for one machine, not for --all", "Run `holdfast keygen NAME --bundle FILE` for each.");
        }
    }

    private static HoldfastException usage(String message, String hint) {
        return Problem.of(ProblemCode.USAGE, message, hint).asException();
    }

    private void refuseExistingFiles() {
        if (recoveryOut != null) {
            PrivateFile.requireAbsent(session.resolve(recoveryOut));
        }
        if (bundle != null) {
            PrivateFile.requireAbsent(session.resolve(bundle));
        }
    }

    private void generate(Configuration configuration, KeyStore store, Optional<String> machine) {
        List<String> warnings = new ArrayList<>();
        if (rotate == null && bundle == null) {
            FirstKeys first = new FirstKeys(session, configuration, store, joined(configuration));
            warnings.addAll(first.requireMeant(machine, dryRun, yes));
            warnings.addAll(first.requireNewRealms(machine, dryRun, yes));
        }
        try (KeyPlan plan = plan(configuration, store, machine)) {
            plan.passedOver().forEach(unreadable -> warnings.add(told(unreadable)));
            if (recoveryOut != null && plan.newRecoveryKey().isEmpty()) {
                throw noNewRecoveryKey(store);
            }
            if (dryRun) {
                report(plan, configuration, store, warnings);
                return;
            }
            // Asked for before anything is written: a mistyped passphrase must not leave a rotation without its bundle.
            char[] passphrase = bundle == null ? new char[0] : new SecretInput(session).newPassphrase(passphraseFile);
            try {
                plan.newRecoveryKey().ifPresent(this::handOver);
                commit(plan, store);
                report(plan, configuration, store, warnings);
                if (bundle != null) {
                    writeBundle(
                            KeyNeeds.of(configuration, machine.orElseThrow()),
                            store,
                            session.resolve(bundle),
                            passphrase);
                }
            } finally {
                Arrays.fill(passphrase, ' ');
            }
        }
    }

    private String told(KeyException unreadable) {
        Problem problem = KeyProblem.of(unreadable);
        String warning = problem.message() + "; another key served in its place";
        session.alarm(Problem.of(problem.code(), warning, problem.hint()));
        return warning;
    }

    /** A person holds a recovery key by now, and must not keep one that was never written. */
    private void commit(KeyPlan plan, KeyStore store) {
        try {
            plan.commit();
        } catch (RuntimeException e) {
            plan.newRecoveryKey().ifPresent(key -> paper().tell(key.publicKey(), store, e));
            throw e;
        }
    }

    private RecoveryPaper paper() {
        return new RecoveryPaper(session, Optional.ofNullable(recoveryOut));
    }

    /** Said before anything is done: who asks for a recovery key and gets none would believe that it is in the file. */
    private HoldfastException noNewRecoveryKey(KeyStore store) {
        return Problem.of(
                        ProblemCode.FAILED,
                        "no recovery key can be written into " + recoveryOut + ": " + store.describe()
                                + " has one already, and it is not kept in readable form",
                        "It was shown or written once, when it was made; `holdfast recovery-key check` tells whether yours"
                                + " is right. Without --recovery-out, the keys that are missing are made.")
                .asException();
    }

    private KeyPlan plan(Configuration configuration, KeyStore store, Optional<String> machine) {
        List<RealmMembers> realms = KeyNeeds.members(configuration).stream()
                .filter(realm -> machine.map(realm.machines()::contains).orElse(true))
                .toList();
        if (!recovery) {
            return planned(new KeyGeneration(store, session.random()), configuration, machine, realms);
        }
        try (RecoveryKey typed = new SecretInput(session).recoveryKey()) {
            return planned(KeyGeneration.withRecovery(store, session.random(), typed), configuration, machine, realms);
        }
    }

    private KeyPlan planned(
            KeyGeneration generation,
            Configuration configuration,
            Optional<String> machine,
            List<RealmMembers> realms) {
        generation.adopting(joined(configuration));
        generation.installedIn(StateFolder.installed(session.stateDirectory()).stream()
                .filter(configuration.machines()::contains)
                .map(here -> (KeyStore) new StateFolder(session.stateDirectory(), here).keyStore())
                .toList());
        return rotate != null
                ? generation.rotate(rotate, realms)
                : generation.plan(machine.map(List::of).orElse(configuration.machines()), realms);
    }

    private List<Newcomer> joined(Configuration configuration) {
        return JoinedHosts.of(configuration, session.stateDirectory(), session.clock());
    }

    /** Before anything is written, so that no key store exists whose recovery key nobody ever saw. */
    private void handOver(RecoveryKey key) {
        char[] text = key.print();
        byte[] bytes = new byte[text.length];
        for (int at = 0; at < text.length; at++) {
            bytes[at] = (byte) text[at];
        }
        try {
            if (recoveryOut != null) {
                PrivateFile.create(session.resolve(recoveryOut), bytes);
                session.remark("the recovery key is in " + recoveryOut + ": print it, keep the paper, remove the file");
            } else if (session.options().json()) {
                session.json().line("recovery_key", json -> json.text("recovery_key", new String(text).strip()));
            } else {
                show(bytes);
            }
        } finally {
            Arrays.fill(text, ' ');
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private void show(byte[] text) {
        session.say(
                "RECOVERY KEY. It is shown now and never again. Write it on paper, with the numbers, and keep the paper");
        session.say(
                "where a fire here does not reach it. Whoever has it can read every backup; when all machines are lost,");
        session.say("nothing else can.");
        session.say("");
        session.terminal().out().writeBytes(text);
        session.say("");
        session.terminal().flush();
        boolean person = session.terminal().shape().inIsTerminal()
                && session.terminal().shape().outIsTerminal();
        if (person
                && session.terminal()
                        .keyboard()
                        .line("Press Enter when it is written down: ")
                        .isEmpty()) {
            throw Problem.of(ProblemCode.CANCELLED, "cancelled; no keys were written", paper().whenNothingWasWritten())
                    .asException();
        }
        session.remark("compare it later with `holdfast recovery-key check`");
    }

    private void report(KeyPlan plan, Configuration configuration, KeyStore store, List<String> warnings) {
        List<String> next = rotate == null || dryRun ? List.of() : new AfterRotation(configuration, rotate).steps();
        if (session.options().json()) {
            session.json()
                    .line(
                            "summary",
                            json -> json.text("key_store", store.describe())
                                    .flag("dry_run", dryRun)
                                    .flag("changed", plan.changesAnything())
                                    .texts("warnings", warnings)
                                    .texts("next", next)
                                    .objects(
                                            "steps",
                                            plan.steps(),
                                            (fields, step) -> fields.text("action", action(step))
                                                    .text("what", step.what())));
            return;
        }
        Table table = new Table(Table.Column.text("ACTION"), Table.Column.text("WHAT"));
        plan.steps().forEach(step -> table.row(action(step), step.what()));
        table.print(session.terminal());
        if (dryRun) {
            session.remark("dry run: nothing was written to " + store.describe());
        } else {
            session.remark(
                    plan.changesAnything()
                            ? "key store: " + store.describe()
                            : "nothing was missing in " + store.describe());
        }
        if (!next.isEmpty()) {
            session.say("next:");
            next.forEach(line -> session.say("  " + line));
        }
    }

    private static String action(Step step) {
        return step.action().name().toLowerCase(Locale.ROOT);
    }

    private void writeBundle(KeyNeeds needs, KeyStore store, Path file, char[] passphrase) {
        try (Bundle content = needs.bundle(store)) {
            PrivateFile.create(file, content.seal(passphrase, session.random()).getBytes(StandardCharsets.UTF_8));
        }
        if (session.options().json()) {
            session.json()
                    .line(
                            "bundle",
                            json -> json.text("machine", needs.machine()).text("file", file.toString()));
        } else {
            session.say("bundle of machine '" + needs.machine() + "': " + file);
        }
        session.remark(
                "take it there and run `holdfast configure " + needs.machine() + " --bundle FILE`, then remove it");
    }
}
