package dev.holdfast.cli.command;

import dev.holdfast.cli.service.Role;
import dev.holdfast.cli.service.Service;
import dev.holdfast.cli.service.Systemctl;
import dev.holdfast.cli.service.UnitFile;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which service of which systemd is meant. */
final class ServiceOptions {
    @Parameters(
            paramLabel = "server|agent",
            arity = "0..1",
            completionCandidates = Roles.class,
            description = "Which of the two; needed only where it is not clear.")
    private @Nullable Role role;

    @Option(
            names = "--user",
            description =
                    "A service of this person, kept running by the systemd of his session, and not one of the system.")
    private boolean user;

    @Option(
            names = "--unit-dir",
            paramLabel = "DIR",
            description = "Where units are (default: /etc/systemd/system, with --user ~/.config/systemd/user).")
    private @Nullable Path unitDirectory;

    Optional<Role> role() {
        return Optional.ofNullable(role);
    }

    Service.Manager manager() {
        return user ? Service.Manager.USER : Service.Manager.SYSTEM;
    }

    Systemctl systemctl(Session session) {
        return new Systemctl(session.environment(), manager());
    }

    UnitFile file(Session session, Role which) {
        return new UnitFile(which, folder(session));
    }

    private Path folder(Session session) {
        return unitDirectory != null ? session.resolve(unitDirectory) : folder(session, manager());
    }

    /** Where the units of a manager are. */
    static Path folder(Session session, Service.Manager manager) {
        if (manager == Service.Manager.SYSTEM) {
            return Path.of("/etc/systemd/system");
        }
        String xdg = session.environment().getOrDefault("XDG_CONFIG_HOME", "");
        // The XDG specification: relative values are invalid and to be ignored.
        Path base = xdg.startsWith("/") ? Path.of(xdg) : session.home().resolve(".config");
        return base.resolve("systemd/user");
    }

    /** The one that is installed, which must not need a configuration without errors. */
    UnitFile installed(Session session) {
        List<UnitFile> there = Arrays.stream(Role.values())
                .filter(each -> role == null || each == role)
                .map(each -> file(session, each))
                .filter(file -> file.content().isPresent())
                .toList();
        if (there.size() == 1) {
            return there.get(0);
        }
        if (there.isEmpty()) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "no unit of holdfast is in " + folder(session),
                            "`holdfast service install" + (user ? " --user" : "") + "` writes one.")
                    .asException();
        }
        throw Problem.of(
                        ProblemCode.USAGE,
                        "both a server and an agent are installed in " + folder(session),
                        "Say which is meant: `server` or `agent`.")
                .asException();
    }

    /** Throws {@code DENIED} to those who may not change the units of the system. */
    void requireRights(Session session, String verb) {
        if (!user && unitDirectory == null && !session.superuser()) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "only root may " + verb + " a service of the system",
                            "Run it with sudo; or say `--user` for a service of your own, or `--unit-dir DIR` to have the unit"
                                    + " in another folder.")
                    .asException();
        }
    }

    private static final class Roles implements Iterable<String> {
        private Roles() {}

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Role.values()).map(Role::word).iterator();
        }
    }
}
