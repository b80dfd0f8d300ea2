package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.file.Path;

/** The one name of a folder to which links give several. */
public final class RealPath {
    private RealPath() {}

    /** Of what is not there yet, or not for us to see, the part that is; never relative. */
    public static Path of(Path path) {
        Path plain = path.toAbsolutePath().normalize();
        for (Path at = plain; at != null; at = at.getParent()) {
            try {
                return at.toRealPath().resolve(at.relativize(plain)).normalize();
            } catch (IOException e) {
                // What is above it may be there.
            }
        }
        return plain;
    }
}
