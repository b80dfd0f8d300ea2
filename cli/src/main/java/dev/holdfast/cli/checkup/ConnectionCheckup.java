package dev.holdfast.cli.checkup;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.KeyNeeds;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.KeyStores;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.terminal.Durations;
import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.realm.Keyring;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Calls a server as a backup would, and asks what it thinks. */
public final class ConnectionCheckup {
    private static final Duration MOST_CLOCK_DIFFERENCE = Duration.ofMinutes(5);
    private static final int MOST_QUESTIONS = 100;

    private final Machine machine;
    private final Connections connections;
    private final InstantSource clock;
    private final List<Finding> findings = new ArrayList<>();

    public ConnectionCheckup(Machine machine, Connections connections, InstantSource clock) {
        this.machine = machine;
        this.connections = connections;
        this.clock = clock;
    }

    public List<Finding> run(Server server) {
        String name = server.name();
        try (ServerLink link = connections.connect(name)) {
            long here = clock.millis();
            reached(server, 3);
            clock(name, Duration.ofMillis(link.welcome().nowMillis() - here));
            grants(name, link);
            findings.add(FreeSpace.judge(name + ": space", link.welcome().freeBytes()));
            realmKeys(name, link);
        } catch (HoldfastException e) {
            failed(server, e.problem());
        }
        return List.copyOf(findings);
    }

    /** The stages of a connection that were passed, of reaching it, its host key, and the login. */
    private void reached(Server server, int stages) {
        String name = server.name();
        List<Finding> passed = List.of(
                Finding.ok(name + ": reach", "answers at " + server.hostname() + " port " + server.port()),
                Finding.ok(name + ": host key", "is the pinned one"),
                Finding.ok(name + ": login", "accepted as '" + machine.name() + "'"));
        findings.addAll(passed.subList(0, stages));
    }

    private void failed(Server server, Problem problem) {
        String name = server.name();
        if (!findings.isEmpty()) {
            findings.add(Finding.failed(name + ": session", problem));
            return;
        }
        switch (problem.code()) {
            case HOST_KEY -> {
                reached(server, 1);
                findings.add(Finding.failed(name + ": host key", problem));
            }
            case DENIED, BUSY -> {
                reached(server, 2);
                findings.add(Finding.failed(name + ": login", problem));
            }
            default -> findings.add(Finding.failed(name + ": reach", problem));
        }
    }

    private void clock(String name, Duration difference) {
        String text = "differs by " + Durations.words(difference.abs());
        findings.add(
                difference.abs().compareTo(MOST_CLOCK_DIFFERENCE) > 0
                        ? Finding.warning(
                                name + ": clock",
                                text + "; this machine is " + (difference.isNegative() ? "ahead" : "behind"),
                                "Set the clocks by NTP on both: schedules and the times of snapshots depend on them.")
                        : Finding.ok(name + ": clock", text));
    }

    /** A folder of keys here tells whether realm keys were renewed; elsewhere a server does, as a Vault may be closed to this machine. */
    private void realmKeys(String server, ServerLink link) {
        boolean folder = machine.configuration().vault().isEmpty() && KeyStores.isHere(machine.configuration());
        if (machine.isServer() || folder) {
            return;
        }
        List<String> realms =
                KeyNeeds.of(machine.configuration(), machine.name()).realms();
        for (String realm : realms) {
            link.keyring(realm).ifPresent(text -> realmKey(server, realm, text));
        }
    }

    private void realmKey(String server, String realm, String text) {
        int there = KeyProblem.translate(() -> Keyring.parse(text).epoch());
        int here = KeyProblem.translate(() -> machine.keys().findEpoch(realm)).orElse(0);
        if (there > here) {
            findings.add(Finding.warning(
                    server + ": realm " + realm,
                    "its key was renewed: epoch " + there + " there, " + (here == 0 ? "none" : "epoch " + here)
                            + " here",
                    "Run `holdfast configure " + machine.name() + "`."));
        }
    }

    /** Asks about every volume that any client backs up; the server must think as the configuration here says. */
    private void grants(String name, ServerLink link) {
        int granted = 0;
        int asked = 0;
        List<String> different = new ArrayList<>();
        for (Client source : machine.configuration().clients()) {
            for (String volume : source.backup()) {
                if (asked++ >= MOST_QUESTIONS) {
                    continue;
                }
                boolean there = link.mayRestore(source.name(), volume);
                boolean here = machine.configuration().mayRestore(machine.name(), source.name(), volume);
                granted += there ? 1 : 0;
                if (there != here) {
                    different.add(source.name() + "/" + volume + (there ? " (allowed there)" : " (refused there)"));
                }
            }
        }
        for (String volume : machine.configuration().locals().names()) {
            boolean there = link.mayRestore(name, volume);
            if (there != machine.configuration().mayRestore(machine.name(), name, volume)) {
                different.add(name + "/" + volume + (there ? " (allowed there)" : " (refused there)"));
            }
        }
        findings.add(
                different.isEmpty()
                        ? Finding.ok(name + ": grants", "may restore " + granted + " of the volumes that are backed up")
                        : Finding.failed(
                                name + ": grants",
                                Problem.of(
                                        ProblemCode.DENIED,
                                        "the server's configuration says otherwise about "
                                                + String.join(", ", different),
                                        "Bring both configurations to the same state, then run `holdfast server reload`"
                                                + " on the server.")));
    }
}
