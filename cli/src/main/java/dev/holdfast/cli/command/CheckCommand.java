package dev.holdfast.cli.command;

import dev.holdfast.cli.checkup.ConnectionCheckup;
import dev.holdfast.cli.checkup.Finding;
import dev.holdfast.cli.checkup.LocalCheckup;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.JoinedHosts;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.store.Newcomer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        description = {
            "Looks whether this machine is set up well: identity, keys, permissions, volumes; with --connection, its servers too.",
            "One line each. Warnings leave the exit code 0; failures give that of the worst one."
        })
final class CheckCommand implements Callable<Integer> {
    private static final int SUBJECT_WIDTH = 20;

    private final Session session;
    private final List<Finding> findings = new ArrayList<>();

    @Option(names = "--connection", description = "Also call the servers and ask them.")
    private boolean connection;

    @Option(names = "--server", paramLabel = "NAME", description = "With --connection: only this server.")
    private @Nullable String server;

    CheckCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (server != null && !connection) {
            throw Problem.of(ProblemCode.USAGE, "--server without --connection", "Add `--connection`.")
                    .asException();
        }
        Configuration configuration = session.configuration();
        if (server != null) {
            configuration.server(server);
        }
        show(LocalCheckup.configuration(configuration));
        try {
            Identity identity = session.identity(configuration);
            show(Finding.ok("identity", identity.toString()));
            Machine machine = Machine.open(configuration, identity, session.stateDirectory());
            List<Newcomer> joined = JoinedHosts.of(machine.configuration(), session.stateDirectory(), session.clock());
            new LocalCheckup(machine, session.keyStores(), session.environment(), joined)
                    .run()
                    .forEach(this::show);
            if (connection) {
                call(machine);
            }
        } catch (HoldfastException e) {
            show(Finding.failed("identity", e.problem()));
        }
        return conclude();
    }

    private void call(Machine machine) {
        if (machine.isServer()) {
            show(Finding.ok("connection", "a server is called, it calls nobody; `holdfast server status` shows it"));
            return;
        }
        Connections connections = session.connections(machine);
        for (Server each : machine.configuration().servers()) {
            if (server == null || each.name().equals(server)) {
                new ConnectionCheckup(machine, connections, session.clock())
                        .run(each)
                        .forEach(this::show);
            }
        }
    }

    private void show(Finding finding) {
        findings.add(finding);
        String level = finding.level().name().toLowerCase(Locale.ROOT);
        if (session.options().json()) {
            session.json()
                    .line(
                            "check",
                            json -> json.text("level", level)
                                    .text("subject", finding.subject())
                                    .text("text", finding.text())
                                    .text("hint", finding.hint())
                                    .text("problem", finding.label()));
            return;
        }
        if (finding.level() == Finding.Level.OK && session.options().quiet()) {
            return;
        }
        String label = finding.label().isEmpty() ? "" : "  [" + finding.label() + "]";
        session.say(padded(level, 8)
                + padded(SafeText.of(finding.subject()), SUBJECT_WIDTH)
                + SafeText.of(finding.text())
                + label);
        if (!finding.hint().isEmpty()) {
            session.say("  hint: " + SafeText.of(finding.hint()));
        }
        session.terminal().flush();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private int conclude() {
        int exitCode = findings.stream().mapToInt(Finding::exitCode).max().orElse(0);
        long warnings = count(Finding.Level.WARNING);
        long failures = count(Finding.Level.FAILED);
        if (session.options().json()) {
            session.json()
                    .line(
                            "summary",
                            json -> json.number("checks", findings.size())
                                    .number("warnings", warnings)
                                    .number("failures", failures)
                                    .number("exit_code", exitCode));
        } else {
            session.say(failures + warnings == 0 ? "all is well" : failures + " failed, " + warnings + " to look at");
        }
        return exitCode;
    }

    private long count(Finding.Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }
}
