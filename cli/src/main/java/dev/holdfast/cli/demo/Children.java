package dev.holdfast.cli.demo;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the commands of the demonstration as processes of their own, just as a person would. */
final class Children {
    private static final long LIMIT_MINUTES = 30;

    private final String launcher;
    private final Path folder;

    Children(String launcher, Path folder) {
        this.launcher = launcher;
        this.folder = folder;
    }

    /** Runs {@code holdfast ARGUMENTS} as {@code machine}; returns what it wrote to stdout, or throws with what it said. */
    String run(String machine, String... arguments) throws IOException, InterruptedException {
        Process process = start(machine, arguments);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroy();
            throw Problem.of(
                            ProblemCode.FAILED,
                            "`holdfast " + String.join(" ", arguments) + "` as '" + machine + "' failed\n"
                                    + out.strip(),
                            "Run the demonstration again with --keep and look into " + folder + ".")
                    .asException();
        }
        return out;
    }

    private Process start(String machine, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher, "--as", machine));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("HOLDFAST_STATE", folder.resolve("state").toString());
        builder.environment()
                .put("HOLDFAST_PATH", folder.resolve("holdfast.yaml").toString());
        return builder.start();
    }
}
