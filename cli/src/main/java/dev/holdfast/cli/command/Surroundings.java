package dev.holdfast.cli.command;

import java.nio.file.Path;
import java.util.Map;

/** What a process finds around it, gathered so that tests can make their own. */
public record Surroundings(Map<String, String> environment, Path workingDirectory, Path home, boolean superuser) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    public static Surroundings ofProcess() {
        return new Surroundings(
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("user.home")),
                System.getProperty("user.name").equals("root"));
    }
}
