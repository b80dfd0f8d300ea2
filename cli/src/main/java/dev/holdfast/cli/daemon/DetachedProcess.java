package dev.holdfast.cli.daemon;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * This program once more, in the background: in a session of its own (by {@code setsid}, where the system has it), without a
 * terminal, reading nothing. It is started through the launcher when that started this process, so that a long-running command
 * gets its own JVM flags; else with the very Java, flags and classes of this process.
 */
public final class DetachedProcess {
    private final Map<String, String> environment;

    public DetachedProcess(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The words that run the program with these arguments, without {@code setsid}. */
    public List<String> command(List<String> arguments) {
        List<String> words = new ArrayList<>();
        String launcher = System.getProperty("holdfast.launcher", "");
        if (launcher.isEmpty()) {
            words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(DetachedProcess::mayBeUsedTwice)
                    .toList());
            words.addAll(List.of("-cp", classPath(), "dev.holdfast.cli.launch.Main"));
        } else {
            words.add(launcher);
        }
        words.addAll(arguments);
        return words;
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Not what listens on a port or attaches to a process: the first JVM has that already. */
    private static boolean mayBeUsedTwice(String flag) {
        return !flag.startsWith("-agentlib:") && !flag.startsWith("-javaagent:") && !flag.startsWith("-Xrunjdwp");
    }

    /** Starts it; what it prints itself goes to {@code output}, which is emptied before. */
    public Process start(List<String> arguments, Path output) throws IOException {
        List<String> words = command(arguments);
        setsid().ifPresent(setsid -> words.add(0, setsid.toString()));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.redirectInput(new File("/dev/null"));
        builder.redirectOutput(output.toFile());
        builder.redirectErrorStream(true);
        // So that it keeps no folder from being unmounted.
        builder.directory(new File("/"));
        return builder.start();
    }

    private Optional<Path> setsid() {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "setsid"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
