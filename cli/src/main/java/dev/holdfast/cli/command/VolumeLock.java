package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.daemon.PrivateFolder;
import dev.holdfast.core.daemon.ProcessLock;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Held while a volume of this host is backed up or restored, whichever process does it: a snapshot made in the midst of a restore
 * would be of neither state, and two backups at once would send everything twice.
 */
final class VolumeLock {
    private static final long LOOK_EVERY_MILLIS = 100;

    private final ProcessLock lock;

    private VolumeLock(ProcessLock lock) {
        this.lock = lock;
    }

    /** Waits for whoever has it, after saying so. */
    static VolumeLock take(Session session, Machine machine, String volume, BooleanSupplier cancelled) {
        Path folder = machine.state().folder().resolve("volumes");
        Path file = folder.resolve(URLEncoder.encode(volume, StandardCharsets.UTF_8) + ".lock");
        try {
            PrivateFolder.create(folder);
            Optional<ProcessLock> lock = ProcessLock.tryTake(file);
            if (lock.isEmpty()) {
                session.remark(
                        "volume '" + volume + "' is being backed up or restored already: waiting for that to end");
            }
            while (lock.isEmpty()) {
                // Other processes give no sign when they let go.
                Thread.sleep(LOOK_EVERY_MILLIS);
                if (cancelled.getAsBoolean()) {
                    throw cancelled(volume);
                }
                lock = ProcessLock.tryTake(file);
            }
            return new VolumeLock(lock.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(volume);
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "cannot write " + file + ": " + e.getMessage(),
                            "Check that the state folder belongs to this user, and look whether the disk is full."),
                    e);
        }
    }

    private static HoldfastException cancelled(String volume) {
        return Problem.of(ProblemCode.CANCELLED, "cancelled while waiting for volume '" + volume + "'", "")
                .asException();
    }

    void close() {
        try {
            lock.close();
        } catch (IOException e) {
            // The kernel drops it with the process at the latest.
        }
    }
}
