package dev.holdfast.cli.command;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a process finds around it, gathered so that tests can make their own. */
public record Surroundings(Map<String, String> environment, Path workingDirectory, Path home, boolean superuser) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    public static Surroundings ofProcess() {
        return new Surroundings(
                System.getenv(),
                Path.of("").toAbsolutePath(),
                home(System.getenv("HOME")),
                System.getProperty("user.name").equals("root"));
    }

    /** As shells and services say it; the JVM would look into the password file instead. */
    private static Path home(@Nullable String said) {
        return said != null && said.startsWith("/") ? Path.of(said) : Path.of(System.getProperty("user.home"));
    }
}
