package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.cli.service.Role;
import dev.holdfast.cli.service.Service;
import dev.holdfast.cli.service.Systemctl;
import dev.holdfast.cli.service.UnitFile;
import dev.holdfast.cli.service.UnitFile.Standing;
import dev.holdfast.cli.service.UnitMembership;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "install",
        description = {
            "Writes the systemd unit of this machine's server or agent, and says what to type next.",
            "A unit that somebody has changed by hand is left alone."
        })
final class ServiceInstallCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private ServiceOptions which = new ServiceOptions();

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only print the unit that would be written.")
    private boolean dryRun;

    @Option(
            names = "--force",
            description = "Replace a unit that somebody has changed, or that is for another machine.")
    private boolean force;

    @Option(names = "--now", description = "Also let systemd start it, now and whenever the machine starts.")
    private boolean now;

    ServiceInstallCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!dryRun) {
            which.requireRights(session, "install");
        }
        Service service = ThisService.of(session, which);
        UnitFile unit = which.file(session, service.role());
        String content = UnitFile.contentFor(service);
        Standing standing = unit.standing(content);
        if (dryRun) {
            show(unit, content, standing);
            return 0;
        }
        boolean writtenByOthers = standing == Standing.EDITED || standing == Standing.FOREIGN;
        if (writtenByOthers && !force) {
            throw refused(unit, standing);
        }
        boolean runsByHand = runsByHand(service, standing);
        if (standing != Standing.SAME) {
            unit.write(content);
        }
        Systemctl systemctl = which.systemctl(session);
        List<List<String>> steps = steps(service.role(), standing);
        if (now) {
            for (List<String> step : steps) {
                systemctl.run(step);
            }
        }
        report(service, unit, standing, steps.stream().map(systemctl::line).toList());
        if (runsByHand && !now) {
            session.remark("It runs already, and not under systemd; end that one first: `holdfast "
                    + (service.role() == Role.SERVER ? "server stop" : "schedule stop --exit") + "`.");
        }
        return 0;
    }

    /** Without a unit nobody but a person can have started it. */
    private boolean runsByHand(Service service, Standing before) {
        StateFolder state = new StateFolder(session.stateDirectory(), service.machine());
        if (service.role() == Role.SERVER) {
            ThisServer server = new ThisServer(state);
            return server.isAlive()
                    && (before == Standing.ABSENT
                            || isBesideUnit(service.role(), server.control().process()));
        }
        AgentControl agent = new AgentControl(state.folder());
        return agent.isAlive()
                && (before == Standing.ABSENT
                        || isBesideUnit(service.role(), agent.who().map(AgentControl.Speaker::processId)));
    }

    private static boolean isBesideUnit(Role role, Optional<Long> process) {
        return process.filter(id -> !UnitMembership.mayHave(role, id)).isPresent();
    }

    private static List<List<String>> steps(Role role, Standing before) {
        List<String> reload = List.of("daemon-reload");
        return before == Standing.ABSENT || before == Standing.SAME
                ? List.of(reload, List.of("enable", "--now", role.unit()))
                : List.of(reload, List.of("enable", role.unit()), List.of("restart", role.unit()));
    }

    private static HoldfastException refused(UnitFile unit, Standing standing) {
        return Problem.of(
                        ProblemCode.FAILED,
                        unit.file()
                                + (standing == Standing.EDITED
                                        ? " was changed by somebody since it was written"
                                        : " is of another machine, or was not written by holdfast"),
                        "`holdfast service install --dry-run` shows what would be in it; `--force` replaces it. Settings of"
                                + " your own belong into `systemctl edit "
                                + unit.role().unit() + "`.")
                .asException();
    }

    private void show(UnitFile unit, String content, Standing standing) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "unit",
                            json -> json.text("file", unit.file().toString())
                                    .text("standing", standing.name().toLowerCase(Locale.ROOT))
                                    .text("content", content));
            return;
        }
        session.remark("would write " + unit.file() + (standing == Standing.SAME ? ", which is so already" : ""));
        session.terminal().out().print(content);
    }

    private void report(Service service, UnitFile unit, Standing standing, List<String> next) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "installed",
                            json -> json.text("role", service.role().word())
                                    .text("machine", service.machine())
                                    .text("file", unit.file().toString())
                                    .flag("changed", standing != Standing.SAME)
                                    .flag("started", now)
                                    .texts("next", now ? List.of() : next));
            return;
        }
        session.say((standing == Standing.SAME ? "is as it should be: " : "wrote ") + unit.file());
        if (now) {
            session.say("systemd runs " + service.role().unit());
        } else {
            session.say("next:");
            next.forEach(line -> session.say("  " + line));
        }
        if (service.manager() == Service.Manager.USER) {
            session.remark("To have it run while you are not logged in: `loginctl enable-linger`.");
        }
    }
}
