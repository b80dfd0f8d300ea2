package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.restore.MetadataPolicy;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One import: a tar file becomes a new volume. The target must be missing or empty. Either everything is in it when this returns, on
 * the disk, or it is as it was before.
 */
public final class ImportRun {
    /**
     * What is imported where.
     *
     * @param target the folder that becomes the volume's root
     * @param special also devices, setuid and setgid bits of files, file capabilities and attributes of overlay file systems
     */
    public record Request(Path archive, Path target, boolean special) {}

    /** What is done with each thing in the archive. */
    private interface Taking {
        void take(TarItem item, TarReader content) throws IOException;
    }

    private final FileSystemView files;
    private final Request request;
    private final BooleanSupplier cancelled;
    private final Progress progress;
    private boolean beyondReturn;

    public ImportRun(FileSystemView files, Request request, BooleanSupplier cancelled, Progress progress) {
        this.files = files;
        this.request = request;
        this.cancelled = cancelled;
        this.progress = progress;
    }

    /** Reads the archive to its end and looks at the target; changes nothing. */
    public ImportOutcome examine() {
        requireArchive();
        Ground.requireFree(files, request.target());
        Inventory inventory = new Inventory(progress);
        Sieve sieve = sieve(policy(inventory), inventory);
        progress.phase("reading");
        try {
            read(inventory, (item, content) -> sieve.foresee(item));
        } catch (IOException e) {
            throw unreadable(e);
        }
        return inventory.outcome();
    }

    /**
     * Whether it can still be stopped without a trace. When it cannot, everything is made and on the disk, and the run goes on to its
     * end.
     */
    public synchronized boolean canBeStopped() {
        return !beyondReturn;
    }

    /** From here on it is finished, whatever the person wants: half of it moved into place would be worse. */
    private synchronized void passReturn() {
        requireWanted();
        beyondReturn = true;
    }

    public ImportOutcome carryOut() {
        Inventory inventory = new Inventory(progress);
        MetadataPolicy policy = policy(inventory);
        requireArchive();
        try (Ground ground = Ground.prepare(files, request.target())) {
            try (Planting planting = new Planting(ground.stage(), policy, sieve(policy, inventory))) {
                progress.phase("importing");
                read(inventory, planting::plant);
                planting.finish();
                progress.phase("syncing");
                ground.sync();
                passReturn();
                ground.settle();
                if (planting.root().isPresent()) {
                    ground.give(planting.root().get(), policy);
                }
                ground.keep();
            }
        } catch (FileAccessException e) {
            throw unwritable(e);
        } catch (IOException e) {
            throw unreadable(e);
        }
        return inventory.outcome();
    }

    private MetadataPolicy policy(Inventory inventory) {
        return MetadataPolicy.of(request.special(), inventory::leftOut);
    }

    private static Sieve sieve(MetadataPolicy policy, Inventory inventory) {
        return new Sieve(policy, inventory::leftOut);
    }

    private void requireArchive() {
        if (Files.isDirectory(request.archive())) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "archive " + request.archive() + " cannot be imported: it is a folder",
                            "Name a tar file; `tar -cf FILE.tar -C " + request.archive() + " .` makes one of a folder.")
                    .asException();
        }
        if (!Files.isReadable(request.archive())) {
            throw unreadable(new NoSuchFileException("there is no such file that may be read"));
        }
    }

    private void read(Inventory inventory, Taking taking) throws IOException {
        try (InputStream file = watched(Files.newInputStream(request.archive()));
                InputStream unpacked = Unpacked.of(file)) {
            progress.total(0, Files.size(request.archive()));
            TarReader reader = new TarReader(unpacked, files.owners(), inventory::leftOut);
            Optional<TarItem> item = reader.next();
            while (item.isPresent()) {
                Ground.requireNotStage(item.get().entry().path());
                inventory.met(item.get());
                taking.take(item.get(), reader);
                item = reader.next();
            }
        }
    }

    /** Counts what is read of the archive, and ends the run when the person wants that. */
    private InputStream watched(InputStream file) {
        return new FilterInputStream(file) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                requireWanted();
                int count = super.read(target, offset, length);
                progress.advanced(0, Math.max(0, count));
                return count;
            }
        };
    }

    private void requireWanted() {
        if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw Problem.of(ProblemCode.CANCELLED, "the import was cancelled", "Nothing was left behind.")
                    .asException();
        }
    }

    private HoldfastException unreadable(IOException e) {
        boolean missing = e instanceof NoSuchFileException;
        return new HoldfastException(
                Problem.of(
                        missing ? ProblemCode.NOT_FOUND : ProblemCode.FAILED,
                        "archive " + request.archive() + " cannot be imported: "
                                + (missing ? "there is no such file that may be read" : reason(e)),
                        missing ? "Name a tar file." : "`tar -tvf` shows what is in it; nothing was imported."),
                e);
    }

    /** Some of those who unpack have no words for an end that comes too early. */
    private static String reason(IOException e) {
        if (e instanceof EOFException) {
            return "it is cut off: its compressed content ends too early";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private HoldfastException unwritable(FileAccessException e) {
        return new HoldfastException(
                Problem.of(
                        e.noSpace() ? ProblemCode.NO_SPACE : ProblemCode.IO,
                        "volume " + request.target() + " cannot be made: " + e.getMessage(),
                        e.noSpace()
                                ? "Make room there and import again; what was begun is removed."
                                : "Choose a folder that may be written with `--to`; what was begun is removed."),
                e);
    }
}
