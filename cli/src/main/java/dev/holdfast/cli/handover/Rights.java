package dev.holdfast.cli.handover;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a process may do and see, as the Linux kernel tells: its users and groups, its capabilities, the mask of the modes of new files,
 * and which mounts there are for it. A shell's line is carried out only where all that makes no difference.
 */
public final class Rights {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MOUNTS = Path.of("/proc/self/ns/mnt");

    private final Map<String, String> lines = new HashMap<>();

    private Rights(String status) {
        for (String line : status.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
    }

    /** Those of this process, to be handed over; empty where the system does not tell. */
    static String ownText() {
        try {
            String status = new String(Files.readAllBytes(STATUS), StandardCharsets.ISO_8859_1);
            return status.concat("Mounts:")
                    .concat(Files.readSymbolicLink(MOUNTS).toString());
        } catch (IOException e) {
            return ""; // not Linux
        }
    }

    public static Rights own() {
        return new Rights(ownText());
    }

    public static Rights of(TypedLine line) {
        return new Rights(line.rights());
    }

    /** What would be done with other rights by this process than by that; empty when nothing would. */
    public Optional<String> difference(Rights other) {
        if (!same(other, "Uid") || !same(other, "Gid") || !same(other, "Groups")) {
            return Optional.of("its user or groups are others");
        }
        if (!same(other, "Mounts")) {
            return Optional.of("it does not see the same file systems");
        }
        BigInteger mine = capabilities();
        if (!isRoot() && mine.signum() != 0) {
            return Optional.of("it has capabilities that its user has not");
        }
        return mine.andNot(other.capabilities()).signum() != 0
                ? Optional.of("it has capabilities that this process has not")
                : Optional.empty();
    }

    /** Whether new files get the same modes. */
    public boolean sameMask(Rights other) {
        return same(other, "Umask");
    }

    private boolean same(Rights other, String name) {
        return value(name).equals(other.value(name));
    }

    private String value(String name) {
        return lines.getOrDefault(name, "");
    }

    private boolean isRoot() {
        return value("Uid").equals("0\t0\t0\t0");
    }

    private BigInteger capabilities() {
        String mask = value("CapEff");
        return mask.matches("[0-9a-f]{1,64}") ? new BigInteger(mask, 16) : BigInteger.ZERO;
    }
}
