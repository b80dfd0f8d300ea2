package dev.holdfast.cli.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a process finds around it, gathered so that tests can make their own. */
public record Surroundings(Map<String, String> environment, Path workingDirectory, Path home, boolean superuser) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    public static Surroundings ofProcess() {
        return of(System.getenv(), Path.of("").toAbsolutePath());
    }

    /** Those of a process of the same user. */
    public static Surroundings of(Map<String, String> environment, Path workingDirectory) {
        return new Surroundings(
                environment,
                workingDirectory,
                home(environment.get("HOME")),
                System.getProperty("user.name").equals("root"));
    }

    /** Where machines keep their keys and caches; not created here. */
    public Path stateDirectory(Optional<Path> said) {
        return said.isPresent() ? resolve(said.get()) : defaultStateDirectory();
    }

    private Path defaultStateDirectory() {
        if (superuser) {
            return Path.of("/var/lib/holdfast");
        }
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        // The XDG specification: relative values are invalid and to be ignored.
        Path base = xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".local/state");
        return base.resolve("holdfast");
    }

    /** A path from the command line, made absolute. */
    Path resolve(Path path) {
        return workingDirectory.resolve(path).normalize();
    }

    /** As shells and services say it; the JVM would look into the password file instead. */
    private static Path home(@Nullable String said) {
        return said != null && said.startsWith("/") ? Path.of(said) : Path.of(System.getProperty("user.home"));
    }
}
