package dev.holdfast.agent.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which container this process seems to run in. Engines do not tell, so it is read off three signs, the surest first: the name of
 * the control group, which a private group namespace hides; the folder from which the engine has mounted {@code /etc/hostname},
 * which a container that uses another's network shares with it; and the host name, which is the beginning of the id unless
 * somebody chose another. A sign may be of an engine that is not the one in question, so {@link Engine} asks whether it knows it.
 */
final class OwnContainer {
    private static final Path GROUPS = Path.of("/proc/self/cgroup");
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Pattern ID = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");
    private static final Pattern HOSTNAME_MOUNT = Pattern.compile("^\\d+ \\d+ \\S+ (\\S+) /etc/hostname ");
    private static final Pattern SHORT_ID = Pattern.compile("[0-9a-f]{12}");

    private OwnContainer() {}

    /** The id, or its beginning; empty for a process of a host, as far as can be seen. */
    static Optional<String> ofThisProcess(Map<String, String> environment) {
        return find(lines(GROUPS), lines(MOUNTS), environment.getOrDefault("HOSTNAME", ""));
    }

    /** {@code cgroups} and {@code mounts} are lines as in cgroups(7) and proc_pid_mountinfo(5). */
    static Optional<String> find(List<String> cgroups, List<String> mounts, String hostname) {
        return cgroups.stream()
                .flatMap(line -> lastId(line).stream())
                .findFirst()
                .or(() -> mounts.stream()
                        .flatMap(line -> hostnameFolder(line).stream())
                        .findFirst())
                .or(() -> Optional.of(hostname)
                        .filter(name -> SHORT_ID.matcher(name).matches()));
    }

    /** The innermost, where containers run in containers. */
    private static Optional<String> lastId(String line) {
        return ID.matcher(line).results().map(found -> found.group()).reduce((outer, inner) -> inner);
    }

    private static Optional<String> hostnameFolder(String line) {
        Matcher mount = HOSTNAME_MOUNT.matcher(line);
        return mount.find() ? lastId(mount.group(1)) : Optional.empty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Not Linux, or no /proc: then no container of an engine that shares its files with us either.
            return List.of();
        }
    }
}
