package dev.holdfast.cli.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A process that systemd is to keep running, and what it needs of the machine.
 *
 * @param machine its name in the configuration
 * @param manager whose systemd it is
 * @param account whose rights it has; empty for root, and where the manager is a person's own
 * @param command the program with its arguments
 * @param environment what it would not find by itself, by name
 * @param reads what it reads beside its own files
 * @param ownFiles what it reads: program, Java, configuration, keys
 * @param writes the folders that it changes; all must be there
 * @param privilegedPort whether it listens where only root may
 * @param notifies whether it can tell systemd how it stands
 */
public record Service(
        Role role,
        String machine,
        Manager manager,
        Optional<String> account,
        List<String> command,
        Map<String, String> environment,
        Reads reads,
        List<Path> ownFiles,
        List<Path> writes,
        boolean privilegedPort,
        boolean notifies) {
    private static final Set<Path> HOMES = Set.of(Path.of("/home"), Path.of("/root"), Path.of("/run/user"));

    private static final Set<Path> TEMPORARY = Set.of(Path.of("/tmp"), Path.of("/var/tmp"));

    /** Whose systemd. */
    public enum Manager {
        SYSTEM,
        USER
    }

    /** How far it looks around. */
    public enum Reads {
        OWN_FILES,
        VOLUMES
    }

    public Service {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        ownFiles = List.copyOf(ownFiles);
        writes = List.copyOf(writes);
    }

    boolean isRoot() {
        return manager == Manager.SYSTEM && account.isEmpty();
    }

    Map<String, String> sortedEnvironment() {
        return new TreeMap<>(environment);
    }

    /** Whether it can do without all that people keep in their homes. */
    boolean needsNoHome() {
        return reads == Reads.OWN_FILES
                && ownFiles.stream().noneMatch(Service::isInHome)
                && writes.stream().noneMatch(Service::isInHome);
    }

    private static boolean isInHome(Path path) {
        return HOMES.stream().anyMatch(path::startsWith);
    }

    /** Whether something of its own lies where it would see an empty folder if it had temporary folders for itself. */
    boolean needsTemporaryFolders() {
        return Stream.concat(ownFiles.stream(), writes.stream())
                .anyMatch(path -> TEMPORARY.stream().anyMatch(path::startsWith));
    }
}
