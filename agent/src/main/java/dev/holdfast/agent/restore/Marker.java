package dev.holdfast.agent.restore;

import dev.holdfast.core.daemon.LockedFile;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A file outside the target that says that a restore of this target is not finished. It is locked while a run is at work, so that
 * two runs cannot work on one target.
 *
 * <p>It also holds the kernel's boot id. After a crash of the whole machine, a file's size and time may have reached the disk
 * without its content; a run that finds the marker of another boot therefore verifies what it would otherwise keep. Boots stay in it
 * until a run has come to its end: one that was itself interrupted has not verified everything.
 */
final class Marker implements AutoCloseable {
    private static final String BOOT = "boot ";
    private static final int LARGEST = 1 << 16;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final LockedFile content;
    private final boolean otherBoot;

    private Marker(Path file, LockedFile content, boolean otherBoot) {
        this.file = file;
        this.content = content;
        this.otherBoot = otherBoot;
    }

    /** The marker of a target in a state folder. */
    static Path fileFor(Path state, Path target) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(target.toString().getBytes(StandardCharsets.UTF_8));
            return state.resolve("restore-" + HexFormat.of().formatHex(hash, 0, 8) + ".unfinished");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static Marker open(Path state, Path target, SnapshotRecord snapshot) {
        Path file = fileFor(state, target);
        boolean left = Files.exists(file);
        try {
            Files.createDirectories(state);
            LockedFile content = LockedFile.open(file);
            try {
                if (!content.tryLock()) {
                    throw busy(target);
                }
                String boot = BOOT + bootId();
                List<String> earlier = earlierBoots(left, content.read(LARGEST), boot);
                StringBuilder text = new StringBuilder("target " + target + "\nsnapshot " + snapshot.id() + "\n");
                earlier.forEach(line -> text.append(line).append('\n'));
                content.write(text.append(boot).append('\n').toString());
                return new Marker(file, content, !earlier.isEmpty());
            } catch (IOException | RuntimeException e) {
                content.close();
                throw e;
            }
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "marker " + file + " cannot be written: " + e.getMessage(),
                            "Check the state folder, or name another with `--state`."),
                    e);
        }
    }

    /** A marker that a crash has garbled tells of an earlier boot, too. */
    private static List<String> earlierBoots(boolean left, String before, String boot) {
        List<String> boots =
                before.lines().filter(line -> line.startsWith(BOOT)).toList();
        if (left && boots.isEmpty()) {
            return List.of(BOOT + "lost");
        }
        return boots.stream().filter(line -> !line.equals(boot)).toList();
    }

    private static HoldfastException busy(Path target) {
        return Problem.of(
                        ProblemCode.BUSY,
                        "another restore to " + target + " is at work",
                        "Wait until it has ended, or restore to another folder with `--to`.")
                .asException();
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Whether the machine was started anew since the run that left this marker. */
    boolean otherBoot() {
        return otherBoot;
    }

    /** The restore is finished. */
    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "marker " + file + " cannot be removed: " + e.getMessage(),
                            "Remove it by hand; the restore itself is complete."),
                    e);
        }
    }

    @Override
    public void close() {
        content.close();
    }
}
