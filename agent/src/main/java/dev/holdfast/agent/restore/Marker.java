package dev.holdfast.agent.restore;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final FileChannel channel;
    private final boolean otherBoot;

    private Marker(Path file, FileChannel channel, boolean otherBoot) {
        this.file = file;
        this.channel = channel;
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
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (lock(channel) == null) {
                    throw busy(target);
                }
                String boot = BOOT + bootId();
                List<String> earlier = earlierBoots(left, read(channel), boot);
                StringBuilder text = new StringBuilder("target " + target + "\nsnapshot " + snapshot.id() + "\n");
                earlier.forEach(line -> text.append(line).append('\n'));
                ByteBuffer bytes = ByteBuffer.wrap(
                        text.append(boot).append('\n').toString().getBytes(StandardCharsets.UTF_8));
                channel.write(bytes, 0);
                channel.truncate(bytes.limit());
                channel.force(true);
                return new Marker(file, channel, !earlier.isEmpty());
            } catch (IOException | RuntimeException e) {
                channel.close();
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

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static HoldfastException busy(Path target) {
        return Problem.of(
                        ProblemCode.BUSY,
                        "another restore to " + target + " is at work",
                        "Wait until it has ended, or restore to another folder with `--to`.")
                .asException();
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 16));
        int count = channel.read(bytes, 0);
        return count <= 0 ? "" : new String(bytes.array(), 0, count, StandardCharsets.UTF_8);
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
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }
}
