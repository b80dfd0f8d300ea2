package dev.holdfast.cli.service;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program that steers systemd. */
public final class Systemctl {
    private final Map<String, String> environment;
    private final Service.Manager manager;

    public Systemctl(Map<String, String> environment, Service.Manager manager) {
        this.environment = environment;
        this.manager = manager;
    }

    /** The line to be typed for it. */
    public String line(List<String> words) {
        return String.join(" ", command("systemctl", words));
    }

    private List<String> command(String program, List<String> words) {
        List<String> command = new ArrayList<>(List.of(program));
        if (manager == Service.Manager.USER) {
            command.add("--user");
        }
        command.addAll(words);
        return command;
    }

    /** Does it and waits; {@code FAILED} with what it said when it could not. */
    public void run(List<String> words) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command(program().toString(), words))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .start();
            try {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                int exit = process.waitFor();
                if (exit != 0) {
                    throw failed(words, said.isEmpty() ? "exit code " + exit : said);
                }
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new HoldfastException(failed(words, "it cannot be started").problem(), e);
        }
    }

    private Path program() {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "systemctl"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                ProblemCode.NOT_FOUND,
                                "there is no `systemctl` here",
                                "Name its folder in PATH. Where systemd does not run, leave --now out.")
                        .asException());
    }

    private HoldfastException failed(List<String> words, String why) {
        return Problem.of(
                        ProblemCode.FAILED,
                        "`" + line(words) + "` failed: " + why,
                        "`journalctl" + (manager == Service.Manager.USER ? " --user" : "")
                                + " -u 'holdfast-*' -n 50` shows what the service said.")
                .asException();
    }
}
