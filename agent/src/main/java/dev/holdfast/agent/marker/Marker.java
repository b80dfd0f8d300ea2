package dev.holdfast.agent.marker;

import dev.holdfast.agent.files.RealPath;
import dev.holdfast.core.daemon.LockedFile;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file outside the target that says that a restore of this target is not finished. It is locked while a run is at work, so that
 * two runs cannot work on one target.
 *
 * <p>It also holds the kernel's boot id. After a crash of the whole machine, a file's size and time may have reached the disk
 * without its content; a run that finds the marker of another boot therefore verifies what it would otherwise keep. Boots stay in it
 * until a run has come to its end: one that was itself interrupted has not verified everything.
 */
public final class Marker implements AutoCloseable {
    /** What markers are called, as a glob. */
    static final String NAMES = "restore-*.unfinished";

    private static final int LARGEST = 1 << 16;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    /** Who looks at a marker has it for a moment. */
    private static final Duration LONGEST_LOOK = Duration.ofMillis(50);

    /**
     * Those of restores of this process, by real path. The kernel drops a lock as soon as its process closes any channel of the file:
     * nobody here may open these a second time.
     */
    private static final Map<Path, UnfinishedRestore> AT_WORK_HERE = new HashMap<>();

    private final Path file;
    private final Path place;
    private final LockedFile content;
    private final boolean otherBoot;
    private final Optional<UnfinishedRestore> replaced;

    private Marker(Path file, LockedFile content, MarkerText before, boolean left, Purpose purpose) {
        this.file = file;
        this.place = RealPath.of(file);
        this.content = content;
        this.otherBoot = !before.bootsBefore(left, bootId()).isEmpty();
        this.replaced = before.isOf(purpose.snapshot()) ? Optional.empty() : before.told(file, false, changed(file));
    }

    /** The marker of a target in a state folder, by whatever links somebody comes to the target. */
    static Path fileFor(Path state, Path target) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(RealPath.of(target).toString().getBytes(StandardCharsets.UTF_8));
            return state.resolve("restore-" + HexFormat.of().formatHex(hash, 0, 8) + ".unfinished");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * What is restored.
     *
     * @param whole whether the whole snapshot is, not some of its paths only
     * @param volume of this host that the target is; empty for a mere folder
     * @param again the command line that goes on with it; empty when nobody knows
     */
    public record Purpose(SnapshotRecord snapshot, boolean whole, String volume, String again) {
        private static final int LONGEST_LINE = 4096;

        /** A line that does not fit into one of the marker helps nobody. */
        public Purpose {
            boolean fits = again.length() <= LONGEST_LINE && again.chars().noneMatch(Character::isISOControl);
            again = fits ? again : "";
        }
    }

    /**
     * Marks the target, on disk when this returns.
     *
     * @throws HoldfastException {@code BUSY} when another run is at work on it, or when a restore of the whole is not finished, of which
     *     one of some paths would be the end
     */
    public static Marker open(Path state, Path target, Purpose purpose) {
        createFolder(state);
        Path file = fileFor(state, target);
        synchronized (AT_WORK_HERE) {
            if (AT_WORK_HERE.containsKey(RealPath.of(file))) {
                throw busy(target);
            }
            boolean left = Files.exists(file);
            LockedFile content = take(file, target);
            try {
                MarkerText before = new MarkerText(content.read(LARGEST));
                requireNoLess(before.told(file, false, changed(file)), purpose.whole());
                Marker marker = new Marker(file, content, before, left, purpose);
                List<String> boots = new ArrayList<>(before.bootsBefore(left, bootId()));
                boots.add(bootId());
                MarkerText text = MarkerText.of(target, purpose, boots);
                content.write(text.text());
                text.told(file, true, changed(file)).ifPresent(told -> AT_WORK_HERE.put(marker.place, told));
                return marker;
            } catch (RuntimeException e) {
                content.close();
                throw e;
            }
        }
    }

    /**
     * Throws what {@link #open} would because of a restore that is not finished; one that is at work may have come to its end by then.
     *
     * @param whole whether the whole snapshot is to be restored, not some of its paths only
     */
    public static void requireNoLess(Path state, Path target, boolean whole) {
        requireNoLess(told(fileFor(state, target)).filter(left -> !left.running()), whole);
    }

    /** Some paths do not make whole what a restore of the whole has left half done. */
    private static void requireNoLess(Optional<UnfinishedRestore> left, boolean whole) {
        if (left.isPresent() && left.get().whole() && !whole) {
            throw left.get().problem().asException();
        }
    }

    private static LockedFile take(Path file, Path target) {
        String trouble = "marker " + file + " cannot be written";
        Optional<LockedFile> taken = LockedFile.takeIfFree(file, trouble);
        try {
            if (taken.isEmpty()) {
                Thread.sleep(LONGEST_LOOK.toMillis());
                taken = LockedFile.takeIfFree(file, trouble);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return taken.orElseThrow(() -> busy(target));
    }

    private static Instant changed(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    private static void createFolder(Path state) {
        try {
            Files.createDirectories(state);
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "state folder " + state + " cannot be made: " + e.getMessage(),
                            "Make it, or name another with `--state`."),
                    e);
        }
    }

    /** What a marker says; empty for one that a crash has garbled, or that is gone. */
    static Optional<UnfinishedRestore> told(Path file) {
        synchronized (AT_WORK_HERE) {
            Optional<UnfinishedRestore> here = Optional.ofNullable(AT_WORK_HERE.get(RealPath.of(file)));
            return here.isPresent() ? here : look(file);
        }
    }

    private static Optional<UnfinishedRestore> look(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            boolean running = isLocked(channel);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(LARGEST, channel.size()));
            while (bytes.hasRemaining() && channel.read(bytes) > 0) {
                // Until the end of the file.
            }
            String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
            return new MarkerText(text).told(file, running, changed(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, true) == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
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
    public boolean otherBoot() {
        return otherBoot;
    }

    /** A restore of another snapshot that this one takes the place of. */
    public Optional<UnfinishedRestore> replaced() {
        return replaced;
    }

    /** The restore is finished. */
    public void remove() {
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
        synchronized (AT_WORK_HERE) {
            AT_WORK_HERE.remove(place);
            content.close();
        }
    }
}
