package dev.holdfast.cli.machine;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * Which machine of the configuration this is, and who said so: {@code --as} or its environment variable, else the identity file
 * beside the configuration, else the only machine installed in the state directory.
 */
public record Identity(String name, String saidBy) {
    /** The file that {@code configure} writes beside the configuration: the name and a line feed. */
    public static final String FILE = ".holdfast_identity";

    /** The same from privateer, honoured when there is none of ours. */
    public static final String PRIVATEER_FILE = ".privateer_identity";

    private static final int LONGEST_FILE = 1024;

    /** The machine called {@code name}; a problem that names the nearest when the configuration has none. */
    public static Identity named(String name, Configuration configuration) {
        return known(name, "--as or HOLDFAST_AS", configuration);
    }

    /** Finds it where nobody named it. */
    public static Identity find(Configuration configuration, Path stateDirectory) {
        Optional<Path> file = file(configuration);
        if (file.isPresent()) {
            return known(read(file.get()), file.get().toString(), configuration);
        }
        List<String> installed = StateFolder.installed(stateDirectory).stream()
                .filter(configuration.machines()::contains)
                .toList();
        if (installed.size() == 1) {
            return new Identity(installed.get(0), "the only machine installed in " + stateDirectory);
        }
        throw undecided(configuration, stateDirectory, installed);
    }

    /** The identity file beside the configuration, ours before privateer's. */
    public static Optional<Path> file(Configuration configuration) {
        return List.of(FILE, PRIVATEER_FILE).stream()
                .map(configuration.file()::resolveSibling)
                .filter(Files::exists)
                .findFirst();
    }

    /** Writes it, for {@code configure}: our own file, whole or not at all. */
    public static void write(Path file, String name) throws IOException {
        Path temporary = file.resolveSibling(FILE + ".tmp");
        Files.writeString(temporary, name + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What the file says, whether or not such a machine is configured. */
    public static String read(Path file) {
        try {
            String name = Files.size(file) <= LONGEST_FILE
                    ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip()
                    : "";
            if (KeyName.isPlain(name)) {
                return name;
            }
            throw Problem.of(
                            ProblemCode.CONFIG,
                            file + " holds no name of a machine",
                            "It must hold the name of this machine as the configuration has it, on one line, and nothing else:"
                                    + " run `holdfast configure NAME`, which writes " + FILE
                                    + ", or say who this machine is with `--as NAME`.")
                    .asException();
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "cannot read " + file + ": " + e.getClass().getSimpleName(),
                            "Check that you may read it, or say who this machine is with `--as NAME`."),
                    e);
        }
    }

    private static Identity known(String name, String saidBy, Configuration configuration) {
        try {
            return new Identity(configuration.machine(name), saidBy);
        } catch (HoldfastException e) {
            throw new HoldfastException(e.problem().with("said_by", saidBy), e);
        }
    }

    private static HoldfastException undecided(
            Configuration configuration, Path stateDirectory, List<String> installed) {
        if (installed.isEmpty()) {
            return Problem.of(
                            ProblemCode.USAGE,
                            "which machine this is was not said, and none is configured in " + stateDirectory,
                            "Run `holdfast configure NAME` once; NAME is one of "
                                    + String.join(", ", configuration.machines()) + ".")
                    .asException();
        }
        return Problem.of(
                        ProblemCode.USAGE,
                        "which machine this is was not said, and several are configured in " + stateDirectory,
                        "Add `--as NAME` or set HOLDFAST_AS; NAME is one of " + String.join(", ", installed) + ".")
                .asException();
    }

    @Override
    public String toString() {
        return name + " (" + saidBy + ")";
    }
}
