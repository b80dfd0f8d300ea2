package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.Errno;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.UnfinishedImport;
import dev.holdfast.agent.restore.RestoreRequest.NumericOwner;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One export: a snapshot or a folder becomes a tar file. When it returns, the file is whole and on the disk; when it throws, there is
 * none.
 */
public final class ExportRun {
    /**
     * Where the archive goes and how.
     *
     * @param folder must be there
     * @param name of the file, which must not be there
     * @param owner of the file when it is not whoever runs this
     */
    public record Target(Path folder, String name, Compression compression, Optional<NumericOwner> owner) {}

    /** What gives entries and content to the archive. */
    private interface Feed {
        void into(TarWriter tar, Account account, Status archive) throws IOException;
    }

    private static final String NO_SOURCE = "Name a volume or folder that is there and may be read.";
    private static final String CHECK_FOLDER = "Check the folder, or name another with `--to-dir`.";
    private static final String TOO_LARGE =
            "The file system there, or `ulimit -f` here, allows no larger files: raise that limit, name"
                    + " another folder with `--to-dir`, or make the archive smaller with `--compress zst`.";

    private final FileSystemView files;
    private final Target target;
    private final BooleanSupplier cancelled;
    private final Progress progress;

    public ExportRun(FileSystemView files, Target target, BooleanSupplier cancelled, Progress progress) {
        this.files = files;
        this.target = target;
        this.cancelled = cancelled;
        this.progress = progress;
    }

    /** Exports a snapshot; {@code reader} stays the caller's. What is lost of it ends the run with {@code DAMAGE}. */
    public ExportOutcome snapshot(SnapshotReader reader) {
        return run((tar, account, archive) -> new SnapshotFeed(reader, tar, account).run());
    }

    /** Exports a folder of this machine as it is; what cannot be read is noted in the outcome. */
    public ExportOutcome folder(Path root) {
        Directory opened = openSource(root);
        try (opened) {
            return run((tar, account, archive) -> feed(root, opened, archive, tar, account));
        }
    }

    private void feed(Path root, Directory opened, Status archive, TarWriter tar, Account account) throws IOException {
        try {
            new FolderFeed(files, opened, archive, tar, account).run();
        } catch (FileAccessException e) {
            throw unreadable(root, e);
        }
    }

    /** Looks whether the archive could be made; changes nothing. */
    public void requireFree() {
        try (Directory folder = openTarget()) {
            requireFree(folder);
        }
    }

    /** As {@link #requireFree()}, and looks whether the folder can be read. */
    public void requirePossible(Path root) {
        openSource(root).close();
        requireFree();
    }

    private Directory openSource(Path root) {
        Directory opened = open(root, NO_SOURCE);
        try {
            UnfinishedImport.requireNone(opened, root.toString());
            return opened;
        } catch (FileAccessException e) {
            opened.close();
            throw unreadable(root, e);
        } catch (HoldfastException e) {
            opened.close();
            throw e;
        }
    }

    private static HoldfastException unreadable(Path root, FileAccessException e) {
        return new HoldfastException(
                Problem.of(ProblemCode.IO, root + " cannot be read: " + e.getMessage(), NO_SOURCE), e);
    }

    private ExportOutcome run(Feed feed) {
        Account account = new Account(progress, cancelled);
        try (Directory folder = openTarget()) {
            requireFree(folder);
            progress.phase("exporting");
            PartialArchives.sweep(folder, PartialArchives.nameFor(target.name()), progress::notice);
            try (NewFile file = create(folder)) {
                write(feed, account, file);
                account.check();
                progress.phase("syncing");
                return account.outcome(file.appear(target.owner()));
            }
        } catch (FileAccessException e) {
            throw e.exists() ? isThere() : failed(e);
        } catch (UnwritableArchiveException e) {
            throw failed(e.reason());
        } catch (IOException e) {
            throw failed(e, ProblemCode.IO, CHECK_FOLDER);
        }
    }

    private void write(Feed feed, Account account, NewFile file) throws IOException {
        OutputStream out = target.compression().to(file.sink());
        try {
            TarWriter tar = new TarWriter(out);
            feed.into(tar, account, file.status());
            tar.finish();
        } catch (IOException | RuntimeException e) {
            letGo(out);
            throw e;
        }
        out.close();
    }

    /** Lets a compressor give its memory back. Some throw once more, as they close, the very exception that they threw before. */
    private static void letGo(OutputStream out) {
        try {
            out.close();
        } catch (IOException e) {
            // What led here is reported, and the file goes.
        }
    }

    private NewFile create(Directory folder) throws FileAccessException {
        try {
            return NewFile.create(folder, target.name());
        } catch (FileAccessException e) {
            if (e.exists()) {
                throw new HoldfastException(
                        Problem.of(
                                ProblemCode.BUSY,
                                "another export is writing " + target.folder().resolve(target.name()),
                                "Wait until it has ended, or name another folder with `--to-dir`."),
                        e);
            }
            throw e;
        }
    }

    private Directory openTarget() {
        return open(target.folder(), "Name a folder that is there and may be written with `--to-dir`.");
    }

    private Directory open(Path folder, String hint) {
        try {
            return files.openRoot(folder);
        } catch (FileAccessException e) {
            ProblemCode code = e.notFound() ? ProblemCode.NOT_FOUND : ProblemCode.IO;
            throw new HoldfastException(Problem.of(code, String.valueOf(e.getMessage()), hint), e);
        }
    }

    private void requireFree(Directory folder) {
        try {
            folder.status(target.name().getBytes(StandardCharsets.UTF_8));
        } catch (FileAccessException e) {
            if (e.notFound()) {
                return;
            }
            throw failed(e);
        }
        throw isThere();
    }

    private HoldfastException isThere() {
        return Problem.of(
                        ProblemCode.FAILED,
                        "there is a file " + target.folder().resolve(target.name()) + " already",
                        "Move it out of the way, or name another folder with `--to-dir`.")
                .asException();
    }

    private HoldfastException failed(FileAccessException e) {
        if (e.noSpace()) {
            return failed(
                    e,
                    ProblemCode.NO_SPACE,
                    "Make room there, or name another folder with `--to-dir`; `--compress zst` makes the archive smaller.");
        }
        return failed(e, ProblemCode.IO, e.errno() == Errno.EFBIG ? TOO_LARGE : CHECK_FOLDER);
    }

    private HoldfastException failed(IOException e, ProblemCode code, String hint) {
        return new HoldfastException(
                Problem.of(
                        code,
                        "archive " + target.folder().resolve(target.name()) + " cannot be written: " + e.getMessage(),
                        hint),
                e);
    }
}
