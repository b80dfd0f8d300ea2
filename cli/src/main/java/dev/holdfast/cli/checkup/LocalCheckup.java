package dev.holdfast.cli.checkup;

import dev.holdfast.agent.leftover.OpenWork;
import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.agent.schedule.ScheduleBook;
import dev.holdfast.cli.machine.KeyNeeds;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.KeyStores;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.VolumePlaces;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Grant;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.Newcomer;
import dev.holdfast.keys.store.PrivatePlace;
import dev.holdfast.keys.store.StoredKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be seen without leaving this machine. */
public final class LocalCheckup {
    private final Machine machine;
    private final KeyStores keyStores;
    private final Configuration configuration;
    private final List<Newcomer> joined;
    private final VolumeCheckup volumes;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * For a machine that is set up.
     *
     * @param environment says where the container engine is
     * @param joined hosts that joined the server that this machine is, by invitations
     */
    public LocalCheckup(Machine machine, KeyStores keyStores, Map<String, String> environment, List<Newcomer> joined) {
        this.joined = List.copyOf(joined);
        this.machine = machine;
        this.volumes =
                new VolumeCheckup(new VolumePlaces(environment, machine), machine.role() + " '" + machine.name() + "'");
        this.keyStores = keyStores;
        this.configuration = machine.configuration();
    }

    public List<Finding> run() {
        permissions();
        keys();
        kindOfKey();
        realmKeys();
        hostKeys();
        freshness();
        OpenWork.in(machine.state().folder()).leftovers().stream()
                .map(Finding::of)
                .forEach(findings::add);
        if (machine.isServer()) {
            data();
            findings.addAll(volumes.look(configuration.locals().names().stream()
                    .map(configuration.locals()::volume)
                    .toList()));
        } else {
            grants();
            localGrants();
            findings.addAll(volumes.look(machine.host().volumes()));
            schedule();
        }
        return List.copyOf(findings);
    }

    /** What the configuration as a whole allows; also for a machine that is not set up. */
    public static Finding configuration(Configuration configuration) {
        String text = configuration.file() + ": "
                + count(configuration.servers().size(), "server") + ", "
                + count(configuration.clients().size(), "client") + ", "
                + count(configuration.volumes().size(), "volume");
        return configuration.restoreIsUnrestricted() && configuration.clients().size() > 1
                ? Finding.warning(
                        "configuration",
                        text + "; no client has `restore`, so every host may restore every volume of its realm",
                        "Say under each client what it may restore: `restore: [source/volume]`.")
                : Finding.ok("configuration", text);
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private void permissions() {
        Path folder = machine.state().folder();
        check("permissions", () -> {
            refuseWide();
            return looked(folder, PrivatePlace::requireWay) + " is for its owner alone";
        });
        placeOfConfiguration();
        if (configuration.vault().isEmpty() && Files.isDirectory(configuration.keys())) {
            check(
                    "key folder",
                    () -> looked(configuration.keys(), PrivatePlace::requireUnchanged)
                            + " can be changed by its owner alone");
        }
    }

    /** By the same rule as whoever reads the keys. */
    private void refuseWide() {
        Set<Path> wide = new LinkedHashSet<>();
        for (KeyEntry secret : List.of(KeyEntry.ssh(machine.name()), KeyEntry.seal(machine.name()))) {
            looked(
                    machine.state().folder(),
                    any -> wide.addAll(machine.state().keyStore().wide(secret)));
        }
        if (!wide.isEmpty()) {
            String paths = wide.stream().map(path -> "'" + path + "'").collect(Collectors.joining(" "));
            throw Problem.of(
                            ProblemCode.KEY,
                            "others may use " + paths,
                            "Run `chmod go= " + paths
                                    + "`, and if somebody may have read the keys, `holdfast keygen --rotate "
                                    + machine.name() + "`.")
                    .asException();
        }
    }

    /** Only a warning: no command refuses such a configuration, since people share one in ways of their own. */
    private void placeOfConfiguration() {
        Path file = configuration.file();
        try {
            looked(file, PrivatePlace::requireUnchanged);
            findings.add(Finding.ok("place", file + " can be changed by its owner alone"));
        } catch (KeyException e) {
            findings.add(Finding.warning("place", KeyProblem.of(e).message(), e.hint()));
        } catch (HoldfastException e) {
            findings.add(Finding.failed("place", e.problem()));
        }
    }

    private interface Look {
        void at(Path path) throws IOException;
    }

    private static Path looked(Path path, Look look) {
        try {
            look.at(path);
            return path;
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "cannot look at " + path + ": " + e.getClass().getSimpleName(),
                            "Check who owns it: `ls -ld '" + path + "'`."),
                    e);
        }
    }

    private void keys() {
        check("keys", () -> {
            try (MachineKeys own = machine.secrets()) {
                Optional<MachinePublicKeys> known = machine.keys().findPublic(machine.name());
                if (known.filter(own.publicKeys()::equals).isEmpty()) {
                    throw new KeyException(
                            KeyException.Reason.WRONG,
                            "the private and public keys in " + machine.state().keys() + " do not belong together",
                            "Run `holdfast configure " + machine.name() + "`.");
                }
                return "private and public keys belong together, "
                        + own.publicKeys().ssh().fingerprint();
            }
        });
    }

    /** Whoever had a look at one of privateer's key volumes has it. */
    private void kindOfKey() {
        Optional<SshPublicKey> known = machine.keys().findSsh(machine.name());
        if (known.filter(SshPublicKey::isLegacy).isPresent()) {
            findings.add(Finding.warning(
                    "ssh key",
                    "still the RSA pair of privateer, which lay in the clear in its key volumes",
                    "When you will not go back to privateer: `holdfast keygen --rotate " + machine.name()
                            + "`, then `holdfast configure` on every machine."));
        }
    }

    private void realmKeys() {
        List<String> realms = new ArrayList<>();
        if (machine.isServer()) {
            configuration.realms().stream()
                    .filter(Realm::serverTrusted)
                    .map(Realm::name)
                    .forEach(realms::add);
            configuration.locals().realm(machine.name()).map(Realm::name).ifPresent(realms::add);
        } else {
            realms.add(machine.host().realm().value().name());
            configuration.locals().realmsOf(machine.name()).stream()
                    .map(Realm::name)
                    .forEach(realms::add);
        }
        for (String realm : realms) {
            check("realm " + realm, () -> {
                try (RealmKey key = machine.realmKey(realm)) {
                    return "its key opens, epoch " + key.currentEpoch() + ", check code " + key.checkCode();
                }
            });
        }
    }

    private void hostKeys() {
        for (Server server : configuration.servers()) {
            if (server.name().equals(machine.name())) {
                continue;
            }
            check(
                    "host key " + server.name(),
                    () -> machine.keys()
                            .findSsh(server.name())
                            .map(SshPublicKey::fingerprint)
                            .orElseThrow(() -> new KeyException(
                                    KeyException.Reason.MISSING,
                                    "the host key of server '" + server.name() + "' is not installed",
                                    wayToKeys())));
        }
    }

    /** For what this machine lacks. A machine without a key store may have joined by an invitation: then keygen would shut it out. */
    private String wayToKeys() {
        String name = machine.name();
        if (keyStores.isAtHand(configuration)) {
            return "Run `holdfast keygen --all`, then `holdfast configure " + name + "` here.";
        }
        return "If " + name + " joined by an invitation, let it join once more: `holdfast server invite " + name
                + " --replace` on the server's machine, then here the line that it prints. Else "
                + (KeyStores.isHere(configuration)
                        ? "set VAULT_TOKEN and run `holdfast configure " + name + "`."
                        : "bring its keys from where the key store is: `holdfast keygen " + name + " --bundle FILE`.");
    }

    /** When the key store can be looked into from here, what is installed can be compared with it. */
    private void freshness() {
        if (!KeyStores.isHere(configuration)) {
            return;
        }
        try {
            Optional<KeyStore> found = keyStores.openForLook(configuration);
            if (found.isEmpty()) {
                findings.add(Finding.ok(
                        "key store", "not compared with " + KeyStores.name(configuration) + ": no token is at hand"));
                return;
            }
            try (KeyStore store = found.get()) {
                compare(store);
            }
        } catch (KeyException e) {
            findings.add(Finding.warning("key store", KeyProblem.of(e).message(), e.hint()));
        }
    }

    private void compare(KeyStore store) {
        KeyStore installed = machine.state().keyStore();
        KeyNeeds needs = KeyNeeds.of(configuration, machine.name());
        List<KeyEntry> entries = new ArrayList<>();
        for (String name : configuration.machines()) {
            entries.add(KeyEntry.sshPublic(name));
            entries.add(KeyEntry.sealPublic(name));
        }
        needs.realms().forEach(realm -> entries.add(KeyEntry.keyring(realm)));
        List<String> stale = new ArrayList<>();
        boolean nothing = true;
        for (KeyEntry entry : entries) {
            Optional<byte[]> wanted = store.get(entry);
            nothing &= wanted.isEmpty();
            if (wanted.isPresent()
                    && installed
                            .get(entry)
                            .filter(has -> Arrays.equals(has, wanted.get()))
                            .isEmpty()) {
                stale.add(entry.path());
            }
        }
        joined(store);
        if (nothing) {
            findings.add(Finding.warning(
                    "key store",
                    "nothing of this configuration is in " + store.describe(),
                    "Look whether its place in the configuration (`keys`, `vault.prefix`) is mistyped."));
            return;
        }
        findings.add(
                stale.isEmpty()
                        ? Finding.ok("key store", "what is installed is as in " + store.describe())
                        : Finding.warning(
                                "key store",
                                "installed is not as in " + store.describe() + ": " + String.join(", ", stale),
                                "Run `holdfast configure " + machine.name() + "`."));
    }

    /** The server knows them; whoever makes keys does not, and would leave them out of a new epoch. */
    private void joined(KeyStore store) {
        StoredKeys stored = new StoredKeys(store);
        for (Newcomer newcomer : joined) {
            String name = newcomer.keys().name();
            if (newcomer.counts(stored)
                    && !newcomer.before().equals(Optional.of(newcomer.keys().ssh()))) {
                findings.add(Finding.warning(
                        "client " + name,
                        "it joined by an invitation, and " + store.describe() + " does not have its public keys yet",
                        "Run `holdfast keygen " + name + "` on this machine."));
            }
        }
    }

    private void grants() {
        if (configuration.restoreIsUnrestricted()) {
            findings.add(Finding.ok("grants", "may restore every volume of its realm"));
            return;
        }
        String granted =
                machine.host().grants().value().stream().map(Grant::toString).collect(Collectors.joining(", "));
        findings.add(
                Finding.ok("grants", "may restore its own volumes" + (granted.isEmpty() ? "" : " and " + granted)));
    }

    private void localGrants() {
        List<String> granted = configuration.servers().stream()
                .map(Server::name)
                .flatMap(server -> configuration.locals().names().stream()
                        .filter(volume -> configuration.mayRestore(machine.name(), server, volume))
                        .map(volume -> server + "/" + volume))
                .toList();
        if (!configuration.locals().names().isEmpty()) {
            findings.add(Finding.ok(
                    "local volumes",
                    granted.isEmpty()
                            ? "may restore none of those that lie on servers"
                            : "may restore, as they are on the servers, " + String.join(", ", granted)));
        }
    }

    /** A schedule that looks as if it were run would be the worst of surprises. */
    private void schedule() {
        Path state = machine.state().folder();
        if (machine.host().jobs().isEmpty()) {
            return;
        }
        AgentControl agent = new AgentControl(state);
        agent.statusPortTrouble()
                .ifPresent(trouble -> findings.add(Finding.warning(
                        "schedule",
                        trouble,
                        "`ss -ltnp` shows who has the port; the agent tries it again and again.")));
        if (!agent.isAlive()) {
            findings.add(Finding.warning(
                    "schedule",
                    "no agent runs the schedule in the configuration",
                    "Start it with `holdfast schedule start`."));
        } else if (ScheduleBook.read(AgentSetup.book(state)).isPaused()) {
            findings.add(
                    Finding.warning("schedule", "the schedule is paused", "Resume it with `holdfast schedule start`."));
        }
    }

    private void data() {
        Path data = machine.server().data().orElse(machine.state().data());
        Path existing = data;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            if (!Files.isWritable(existing)) {
                throw new IOException(existing + " cannot be written to");
            }
            findings.add(Finding.ok("data", data + (Files.exists(data) ? "" : " will be created")));
            findings.add(FreeSpace.judge("space", Files.getFileStore(existing).getUsableSpace()));
        } catch (IOException e) {
            findings.add(Finding.failed(
                    "data",
                    Problem.of(
                            ProblemCode.IO,
                            "data folder " + data + ": " + e.getMessage(),
                            "Give it to the user that the server runs as: `chown USER " + existing + "`.")));
        }
    }

    private interface Check {
        String run();
    }

    private void check(String subject, Check check) {
        try {
            findings.add(Finding.ok(subject, check.run()));
        } catch (HoldfastException e) {
            findings.add(
                    Finding.failed(subject, e.getCause() instanceof KeyException key ? problemOf(key) : e.problem()));
        } catch (KeyException e) {
            findings.add(Finding.failed(subject, problemOf(e)));
        }
    }

    private Problem problemOf(KeyException e) {
        Problem problem = KeyProblem.of(e);
        boolean missing = e.reason() == KeyException.Reason.MISSING && !keyStores.isAtHand(configuration);
        return missing ? Problem.of(problem.code(), problem.message(), wayToKeys()) : problem;
    }
}
