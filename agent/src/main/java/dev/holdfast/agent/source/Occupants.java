package dev.holdfast.agent.source;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.FolderUse;
import dev.holdfast.agent.engine.FolderUsers;
import dev.holdfast.agent.engine.ListedContainer;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The containers that use a folder that is restored into, and what is done about them. */
final class Occupants {
    private final Engine engine;
    private final SharedFolder folder;
    private final InUse inUse;
    private final Path state;
    private final Consumer<String> notices;
    private final Set<String> told = new HashSet<>();

    Occupants(Engine engine, SharedFolder folder, InUse inUse, Path state, Consumer<String> notices) {
        this.engine = engine;
        this.folder = folder;
        this.inUse = inUse;
        this.state = state;
        this.notices = notices;
    }

    /**
     * Throws {@code BUSY} when there are some that may not be disturbed. Who is down only until somebody starts it again counts.
     *
     * @param place what to call the folder
     */
    void requireNone(String place) {
        if (inUse == InUse.IGNORE) {
            return;
        }
        List<FolderUse> writers = new FolderUsers(engine, folder)
                .find(whoeverIsUpOrWillBe()).stream()
                        .filter(use -> use.writable() && !use.container().own())
                        .toList();
        writers.stream()
                .filter(FolderUse::wide)
                .filter(use -> told.add(use.container().id()))
                .forEach(use -> notices.accept("container '" + use.container().name() + "' has " + use.mounted()
                        + " mounted as a whole and can write to " + place + ", too; it is left as it is"));
        List<String> users =
                writers.stream().filter(use -> !use.wide()).map(this::shown).toList();
        if (inUse == InUse.REFUSE && !users.isEmpty()) {
            throw Problem.of(
                            ProblemCode.BUSY,
                            place + " is in use by " + Standstill.named(users),
                            "`--stop` stops what uses it for the restore and starts it again; `--force` restores while"
                                    + " it runs, which few programs bear.")
                    .asException();
        }
    }

    /** What it has mounted is told when that goes by another name. */
    private String shown(FolderUse use) {
        return use.container().name()
                + (use.mounted().equals(folder.folder()) ? "" : " (which has " + use.mounted() + " mounted)");
    }

    private Predicate<ListedContainer> whoeverIsUpOrWillBe() {
        Set<String> asleep = Standstill.asleep(state);
        return listed -> listed.isUp() || asleep.contains(listed.id());
    }

    /** The names of those that {@link #hold} would stop. */
    List<String> wouldStop(boolean filesStay) {
        return inUse == InUse.STOP ? Standstill.wouldStop(engine, folder, whoeverIsUpOrWillBe(), filesStay) : List.of();
    }

    /** @param filesStay whether they do when no container uses the folder */
    Target.Hold hold(boolean filesStay) {
        return inUse == InUse.STOP ? Standstill.stopAll(engine, folder, filesStay, state, notices)::close : () -> {};
    }
}
