package dev.holdfast.cli.service;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of a unit. Its first lines say for which machine it is and hold a checksum of the rest: what still matches that was written
 * here and may be replaced; anything else is the work of people.
 */
public record UnitFile(Role role, Path folder) {
    private static final Pattern HEAD = Pattern.compile("(# Holdfast [^\n]*)\n# [^\n]*\n# sha256: ([0-9a-f]{64})\n");
    private static final List<String> WANTS = List.of("multi-user.target.wants", "default.target.wants");

    /** How what is there compares with what would be written. */
    public enum Standing {
        ABSENT,
        SAME,
        /** Written here for the same machine, and not touched since. */
        OUTDATED,
        EDITED,
        /** Of another machine, or not made by this program. */
        FOREIGN
    }

    public Path file() {
        return folder.resolve(role.unit() + ".service");
    }

    /** The whole content of the file for such a service. */
    public static String contentFor(Service service) {
        String body = UnitText.of(service);
        String edit = (service.manager() == Service.Manager.USER ? "systemctl --user edit " : "systemctl edit ")
                + service.role().unit();
        return title(service.role(), service.machine()) + "\n# Your own settings belong into `" + edit
                + "`, where they stay.\n# sha256: " + checksum(body) + "\n" + body;
    }

    private static String title(Role role, String machine) {
        return "# Holdfast " + role.word() + " '" + machine + "': written by `holdfast service install`";
    }

    /** Whether it runs that machine with its state in that folder, also when somebody has changed it since it was written. */
    public boolean runs(String machine, Path stateDirectory) {
        return content()
                .filter(text -> firstLine(text).equals(title(role, machine)))
                .filter(text -> text.contains(" --state " + UnitText.argument(stateDirectory.toString()) + " "))
                .isPresent();
    }

    private static String checksum(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /** What is there; empty when nothing is. */
    public Optional<String> content() {
        try {
            return Optional.of(new String(Files.readAllBytes(file()), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    public Standing standing(String wanted) {
        Optional<String> found = content();
        if (found.isEmpty()) {
            return Standing.ABSENT;
        }
        if (found.get().equals(wanted)) {
            return Standing.SAME;
        }
        if (!firstLine(found.get()).equals(firstLine(wanted))) {
            return Standing.FOREIGN;
        }
        return isEdited(found.get()) ? Standing.EDITED : Standing.OUTDATED;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** Whether somebody has changed it since it was written, or has written it himself. */
    public static boolean isEdited(String content) {
        Matcher head = HEAD.matcher(content);
        return !head.lookingAt() || !checksum(content.substring(head.end())).equals(head.group(2));
    }

    /** Whole or not at all. */
    public void write(String content) {
        Path temporary = folder.resolve("." + role.unit() + ".tmp");
        try {
            Files.createDirectories(folder);
            Files.writeString(temporary, content);
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(temporary, file(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    /** Removes it, and the links by which systemd starts it at boot. */
    public void delete() {
        try {
            for (String wants : WANTS) {
                Path link = folder.resolve(wants).resolve(role.unit() + ".service");
                if (Files.isSymbolicLink(link)) {
                    Files.delete(link);
                }
            }
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw failed("remove", e);
        }
    }

    private HoldfastException failed(String verb, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        "cannot " + verb + " " + file() + ": " + e.getClass().getSimpleName(),
                        "Run it as the user who may, or name another folder with --unit-dir."),
                e);
    }
}
