package dev.holdfast.cli.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Whether systemd runs a process as one of our units: it keeps the processes of each in a control group of that name. */
public final class UnitMembership {
    private UnitMembership() {}

    /** True also where nobody can tell. */
    public static boolean mayHave(Role role, long process) {
        try {
            return isIn(Files.readAllLines(Path.of("/proc", Long.toString(process), "cgroup")), role);
        } catch (IOException e) {
            return true; // it has just ended, or this is no Linux
        }
    }

    /** {@code groups} are lines as in cgroups(7). */
    static boolean isIn(List<String> groups, Role role) {
        return groups.stream()
                .flatMap(line -> Arrays.stream(line.split("/", -1)))
                .anyMatch((role.unit() + ".service")::equals);
    }
}
