package dev.holdfast.core.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file that this process locks. The kernel drops a process's locks on a file as soon as the process closes any descriptor of it, also
 * one that was opened only to see that the file is locked (POSIX record locks, fcntl(2)): so a file that is claimed is not opened again.
 */
final class LockedHere {
    private static final Map<Path, LockedHere> CLAIMED = new HashMap<>();

    private final Path place;

    private LockedHere(Path place) {
        this.place = place;
    }

    /** Empty when this process has claimed it already; the folder of the file exists. */
    static Optional<LockedHere> claim(Path file) throws IOException {
        Path name = file.getFileName();
        // The same for all who come to it, by whatever links.
        Path place = name == null
                ? file.toRealPath()
                : file.resolveSibling(".").toRealPath().resolve(name);
        LockedHere claim = new LockedHere(place);
        synchronized (CLAIMED) {
            return CLAIMED.putIfAbsent(place, claim) == null ? Optional.of(claim) : Optional.empty();
        }
    }

    /** After the file was closed; nothing the second time. */
    void release() {
        synchronized (CLAIMED) {
            CLAIMED.remove(place, this);
        }
    }
}
