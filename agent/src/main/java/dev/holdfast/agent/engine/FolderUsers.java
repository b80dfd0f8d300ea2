package dev.holdfast.agent.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which containers use a folder of this machine. One folder has many names: that of a volume, its path, a link, the folder that a
 * volume binds, a folder in it or above it. So what containers have mounted is compared as the folders that they are.
 *
 * <p>Whoever has the folder mounted uses it, and so does whoever has a part of it or what it is a part of, but for two cases: in a
 * folder that holds nothing yet, nobody uses what only comes to be there; and a mount that shows a whole collection of volumes, or the
 * machine, is no use of one folder in it ({@code docs/decisions/0022-users-of-a-folder.md}).
 */
public final class FolderUsers {
    private final Engine engine;
    private final SharedFolder shared;
    private final Nesting nesting;
    private final List<Path> names = new ArrayList<>();
    private final Map<String, Optional<Path>> bound = new HashMap<>();

    public FolderUsers(Engine engine, SharedFolder shared) {
        this.engine = engine;
        this.shared = shared;
        this.nesting = new Nesting(engine.sharesNames());
    }

    /** All of them that are up, the oldest first, with those of which it is no use. */
    public List<FolderUse> find() {
        return find(ListedContainer::isUp);
    }

    /** The same of those containers of which that is wanted. */
    public List<FolderUse> find(Predicate<ListedContainer> wanted) {
        names.clear();
        if (shared.volume().isEmpty()) {
            engine.onHost(shared.folder()).ifPresent(names::add);
        } else {
            names.add(shared.folder());
            boundFolder(shared.volume()).ifPresent(names::add);
        }
        if (names.isEmpty()) {
            return List.of();
        }
        boolean empty = !Files.exists(shared.folder()) || VolumeData.isEmpty(shared.folder());
        List<FolderUse> uses = new ArrayList<>();
        for (Engine.Mounting each : engine.mountings(wanted)) {
            use(each, empty).ifPresent(uses::add);
        }
        return uses;
    }

    private enum Kind {
        NONE,
        WIDE,
        USE
    }

    /** The most that any of its mounts makes of it. */
    private Optional<FolderUse> use(Engine.Mounting each, boolean empty) {
        Kind most = Kind.NONE;
        Path mounted = shared.folder();
        boolean writable = false;
        for (EngineMount mount : each.mounts()) {
            Kind kind = kind(mount, empty);
            if (kind == Kind.NONE || kind.compareTo(most) < 0) {
                continue;
            }
            writable = mount.writable() || (writable && kind == most);
            mounted = kind == most ? mounted : mount.source();
            most = kind;
        }
        return most == Kind.NONE
                ? Optional.empty()
                : Optional.of(new FolderUse(each.container(), mounted, writable, most == Kind.WIDE));
    }

    private Kind kind(EngineMount mount, boolean empty) {
        if (!mount.volume().isEmpty() && mount.volume().equals(shared.volume())) {
            return Kind.USE;
        }
        Kind kind = mount.source().isAbsolute() ? kind(mount.source(), empty) : Kind.NONE;
        if (kind == Kind.USE || !mount.mayBeBound()) {
            return kind;
        }
        Kind elsewhere =
                boundFolder(mount.volume()).map(folder -> kind(folder, empty)).orElse(Kind.NONE);
        return elsewhere.compareTo(kind) > 0 ? elsewhere : kind;
    }

    private Kind kind(Path source, boolean empty) {
        Kind most = Kind.NONE;
        for (Path name : names) {
            if (nesting.isIn(source, name)) {
                return Kind.USE;
            }
            if (!empty && nesting.isIn(name, source)) {
                Kind kind = isWide(source, name) ? Kind.WIDE : Kind.USE;
                most = kind.compareTo(most) > 0 ? kind : most;
            }
        }
        return most;
    }

    /** @param source holds the folder that is called {@code name} */
    private boolean isWide(Path source, Path name) {
        return nesting.real(source).getNameCount() <= 1
                || shared.gatherings().stream().anyMatch(gathering -> nesting.isIn(gathering, source))
                || dataOfVolume(name)
                        .filter(data -> !nesting.isIn(source, data))
                        .isPresent();
    }

    /** The folder of the volume in which this one lies: engines call it {@code volumes/NAME/_data}. */
    private Optional<Path> dataOfVolume(Path folder) {
        for (Path at = nesting.real(folder); at != null && at.getNameCount() > 2; at = at.getParent()) {
            if (at.endsWith("_data") && at.getName(at.getNameCount() - 3).endsWith("volumes")) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private Optional<Path> boundFolder(String volume) {
        return bound.computeIfAbsent(volume, name -> engine.findVolume(name).flatMap(EngineVolume::bound));
    }
}
