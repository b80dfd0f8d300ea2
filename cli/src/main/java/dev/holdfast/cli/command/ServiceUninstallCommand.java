package dev.holdfast.cli.command;

import dev.holdfast.cli.service.Systemctl;
import dev.holdfast.cli.service.UnitFile;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "uninstall",
        description = {
            "Removes the systemd unit, and says what to type next.",
            "Backups, keys and the configuration stay as they are."
        })
final class ServiceUninstallCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private ServiceOptions which = new ServiceOptions();

    @Option(names = "--force", description = "Also when somebody has changed the unit.")
    private boolean force;

    @Option(names = "--now", description = "Also let systemd stop it.")
    private boolean now;

    ServiceUninstallCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        which.requireRights(session, "remove");
        UnitFile unit = which.installed(session);
        if (UnitFile.isEdited(unit.content().orElse("")) && !force) {
            throw Problem.of(
                            ProblemCode.FAILED,
                            unit.file() + " was changed by somebody since it was written",
                            "`holdfast service show` shows it; `--force` removes it all the same.")
                    .asException();
        }
        Systemctl systemctl = which.systemctl(session);
        List<String> stop = List.of("stop", unit.role().unit());
        List<String> reload = List.of("daemon-reload");
        if (now) {
            systemctl.run(stop);
        }
        unit.delete();
        if (now) {
            systemctl.run(reload);
        }
        report(unit, now ? List.of() : List.of(systemctl.line(stop), systemctl.line(reload)));
        return 0;
    }

    private void report(UnitFile unit, List<String> next) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "uninstalled",
                            json -> json.text("file", unit.file().toString())
                                    .flag("stopped", now)
                                    .texts("next", next));
            return;
        }
        session.say("removed " + unit.file());
        if (!next.isEmpty()) {
            session.say("next:");
            next.forEach(line -> session.say("  " + line));
        }
    }
}
