package dev.holdfast.agent.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What this process may give to files, so that a plan can say beforehand what a run would leave out. It is a forecast: the kernel has
 * the last word (a file system without owners, a container that has less than it shows), and what it refuses is told by the run.
 */
record Powers(long user, Set<Long> groups, long capabilities) {
    private static final int CHOWN = 0;
    private static final int SYS_ADMIN = 21;
    private static final int MKNOD = 27;
    /** Of real, effective, saved and file system ids, the last counts for files. */
    private static final int OF_FILES = 3;

    private static final Powers ALL = new Powers(0, Set.of(0L), -1);

    Powers {
        groups = Set.copyOf(groups);
    }

    /** As Linux tells them; where it is not Linux, all: what fails is told then. */
    static Powers ofProcess() {
        try {
            return of(Files.readAllLines(Path.of("/proc/self/status")));
        } catch (IOException e) {
            return ALL;
        }
    }

    static Powers of(List<String> status) {
        Map<String, String[]> facts = new HashMap<>();
        for (String line : status) {
            int colon = line.indexOf(':');
            facts.put(
                    line.substring(0, Math.max(0, colon)),
                    line.substring(colon + 1).strip().split("\\s+"));
        }
        String[] users = facts.get("Uid");
        String[] groups = facts.get("Gid");
        String[] capabilities = facts.get("CapEff");
        if (users == null || groups == null || capabilities == null) {
            return ALL;
        }
        Set<Long> all = new HashSet<>(Set.of(Long.parseLong(groups[OF_FILES])));
        for (String more : facts.getOrDefault("Groups", new String[0])) {
            if (!more.isEmpty()) {
                all.add(Long.parseLong(more));
            }
        }
        return new Powers(Long.parseLong(users[OF_FILES]), all, Long.parseUnsignedLong(capabilities[0], 16));
    }

    private boolean has(int capability) {
        return (capabilities >>> capability & 1) != 0;
    }

    boolean mayGiveTo(long uid, long gid) {
        return has(CHOWN) || (uid == user && groups.contains(gid));
    }

    boolean mayMakeDevices() {
        return has(MKNOD);
    }

    /** Whether attributes called {@code trusted.*}, which others do not even see, and {@code security.*} are for this process. */
    boolean maySetSystemAttributes() {
        return has(SYS_ADMIN);
    }
}
