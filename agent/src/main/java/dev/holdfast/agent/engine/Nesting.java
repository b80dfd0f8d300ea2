package dev.holdfast.agent.engine;

import dev.holdfast.agent.files.RealPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which folder lies in which, whatever names they go by: links are followed, and a folder that is mounted in two places is one.
 * Where this program does not see the folders of the engine's machine under their own names, only the names can tell.
 */
final class Nesting {
    private final boolean seen;

    Nesting(boolean seen) {
        this.seen = seen;
    }

    /** Whether they are the same, or the first lies somewhere in the second. */
    boolean isIn(Path inner, Path outer) {
        Path holder = real(outer);
        for (Path at = real(inner); at != null; at = at.getParent()) {
            if (isSame(at, holder)) {
                return true;
            }
        }
        return false;
    }

    /** Of what is not there yet, the part that is. */
    Path real(Path path) {
        return seen ? RealPath.of(path) : path.toAbsolutePath().normalize();
    }

    private boolean isSame(Path one, Path other) {
        if (one.equals(other)) {
            return true;
        }
        try {
            return seen && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }
}
