package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.cli.service.Role;
import dev.holdfast.cli.service.Service.Manager;
import dev.holdfast.cli.service.Systemctl;
import dev.holdfast.cli.service.UnitFile;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The unit by which a systemd that runs here keeps the server or the agent of this machine going. A process beside it would have another
 * user, other limits and nobody to restart it, and what it writes might not be readable to the service any more: so whatever starts that
 * process lets systemd do it.
 */
final class InstalledUnit {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Session session;
    private final Role role;
    private final Manager manager;

    private InstalledUnit(Session session, Role role, Manager manager) {
        this.session = session;
        this.role = role;
        this.manager = manager;
    }

    /** That of a machine, as `service install` writes it; empty when there is none, or no systemd to run it. */
    static Optional<InstalledUnit> find(Session session, Role role, StateFolder state) {
        for (Manager manager : Manager.values()) {
            UnitFile file = new UnitFile(role, ServiceOptions.folder(session, manager));
            if (isRunning(session, manager) && file.runs(state.name(), state.stateDirectory())) {
                return Optional.of(new InstalledUnit(session, role, manager));
            }
        }
        return Optional.empty();
    }

    /** As {@code sd_booted(3)} has it, and the like for the manager of a person. */
    private static boolean isRunning(Session session, Manager manager) {
        String runtime = session.environment().getOrDefault("XDG_RUNTIME_DIR", "");
        Path mark = manager == Manager.SYSTEM ? Path.of("/run/systemd/system") : Path.of(runtime, "systemd");
        return mark.isAbsolute() && Files.isDirectory(mark);
    }

    /** What a person would type. */
    String line() {
        return new Systemctl(session.environment(), manager).line(words());
    }

    private List<String> words() {
        return List.of("start", role.unit());
    }

    /** Lets systemd start it, and returns what the process says when it is ready. */
    <T> T start(Launch.Expectation<T> expected) throws InterruptedException {
        if (manager == Manager.SYSTEM && !session.superuser()) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "systemd is to run the " + role.word() + " of this machine, and only root may tell it to",
                            "`sudo " + line() + "` starts it; `sudo holdfast service uninstall` removes the unit.")
                    .asException();
        }
        session.remark("systemd starts it: `" + line() + "`");
        new Systemctl(session.environment(), manager).run(words());
        return expected.await(() -> {
                    TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
                    return false;
                })
                .orElseThrow();
    }
}
