package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileWriter;
import dev.holdfast.agent.files.Metadata;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.TemporaryName;
import dev.holdfast.core.tree.Entry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One regular file being written. It is held by the walk while pieces are still being asked for, and once for each piece; the last
 * to let go finishes it: length, metadata (the time last), and its name.
 *
 * <p>A small file in a folder that this run made gets its name at once. Any other is made under a temporary name and takes its
 * place in one step. A large one that is interrupted stays under that name and is continued by the next run.
 */
final class FileJob {
    /** Interrupted files from this size on are worth continuing. */
    static final long RESUMABLE_BYTES = 4 << 20;
    /** Pieces from this size on are sent to the disk while others are still coming. */
    private static final int SYNC_FROM_BYTES = 256 << 10;

    /** Files open at once; beyond that they are closed between two pieces. */
    private static final int MOST_OPEN = 256;

    /** What all jobs of a run share. */
    interface Yard {
        MetadataPolicy policy();

        Tally tally();

        Trouble trouble();

        AtomicInteger openFiles();

        /** The job ended, well or not. Its folder is still held. */
        void ended(FileJob job, Optional<Status> status);
    }

    private final Yard yard;
    private final TreeMerge.Item item;
    private final Action action;
    private final Optional<LinkTable.Group> group;
    private final boolean direct;
    private final byte[] madeAs;
    private final AtomicInteger holds = new AtomicInteger(1);
    private boolean made;
    private boolean continued;
    private boolean failed;
    private boolean over;
    private @Nullable FileWriter writer;
    private long written;
    private long settled;
    private long told;

    FileJob(Yard yard, TreeMerge.Item item, Action action, Optional<LinkTable.Group> group) {
        this.yard = yard;
        this.item = item;
        this.action = action;
        this.group = group;
        boolean unseen = item.folder().facts().fresh && item.existing().isEmpty();
        this.direct = unseen && entry().size() < RESUMABLE_BYTES;
        this.madeAs = direct ? item.name() : TemporaryName.of(item.name());
        this.told = yard.tally().toldOf(item.entry().path());
        item.folder().hold();
        item.folder().touch();
    }

    Entry entry() {
        return item.entry();
    }

    TreeMerge.Item item() {
        return item;
    }

    Optional<LinkTable.Group> group() {
        return group;
    }

    private Directory directory() {
        return item.folder().directory();
    }

    /** Opens what an earlier run left of this file; true when there is something to continue. */
    synchronized boolean continueLeftover() throws FileAccessException {
        if (direct || !item.folder().takeLeftover(madeAs)) {
            return false;
        }
        if (entry().size() >= RESUMABLE_BYTES) {
            Status left = directory().status(madeAs);
            if (left.isFile() && left.links() == 1) {
                made = true;
                continued = true;
                open().setLength(entry().size());
                return true;
            }
        }
        directory().removeTree(madeAs);
        return false;
    }

    private FileWriter open() throws FileAccessException {
        FileWriter now = writer;
        if (now == null) {
            now = made ? directory().openForWriting(madeAs) : directory().createFile(madeAs);
            made = true;
            writer = now;
            yard.openFiles().incrementAndGet();
        }
        return now;
    }

    private void closeWriter() throws FileAccessException {
        FileWriter now = writer;
        if (now != null) {
            writer = null;
            yard.openFiles().decrementAndGet();
            now.close();
        }
    }

    /** Writes one piece; an error is this file's failure. */
    void write(long position, byte[] plain, int offset, int length) {
        if (put(position, plain, offset, length)) {
            settled(length);
        }
    }

    /** Writes what was {@link #settled} before. */
    synchronized boolean put(long position, byte[] plain, int offset, int length) {
        if (failed || yard.trouble().stopped()) {
            return false;
        }
        try {
            FileWriter file = open();
            file.pwrite(position, plain, offset, length);
            if (length >= SYNC_FROM_BYTES) {
                file.beginSync(position, length);
            }
            written += length;
            if (holds.get() > 1 && yard.openFiles().get() > MOST_OPEN) {
                closeWriter();
            }
            return true;
        } catch (FileAccessException e) {
            failed(e);
            return false;
        }
    }

    /** So many more bytes are as they should be; what an attempt before has told of this file is not told again. */
    synchronized void settled(long bytes) {
        settled += bytes;
        if (settled > told) {
            yard.tally().advanced(settled - told);
            told = settled;
        }
    }

    /** Nothing had to be written. */
    synchronized void foundWhole() {
        yard.tally().ended(Math.max(0, entry().size() - told));
        told = 0;
    }

    /** What the file that is being made holds at a position, after {@link #continueLeftover}. */
    synchronized int read(long position, byte[] target, int length) throws FileAccessException {
        return open().pread(position, target, 0, length);
    }

    /** Makes a range of a continued file a hole again; in a new one it is one anyway. */
    synchronized void hole(long position, long length) throws FileAccessException {
        if (continued) {
            open().punchHole(position, length);
        }
    }

    synchronized void failed(FileAccessException e) {
        if (!yard.trouble().endsRun(e)) {
            failed(String.valueOf(e.getMessage()), false);
        }
    }

    synchronized void failed(String reason, boolean damaged) {
        if (!failed) {
            failed = true;
            yard.tally().failed(entry().path(), reason, damaged);
        }
    }

    void hold() {
        holds.incrementAndGet();
    }

    void release() {
        if (holds.decrementAndGet() == 0) {
            end();
        }
    }

    private synchronized void end() {
        if (over) {
            return;
        }
        over = true;
        Optional<Status> status = Optional.empty();
        try {
            if (!failed && !yard.trouble().stopped()) {
                status = Optional.of(finish());
            }
        } catch (FileAccessException e) {
            failed(e);
        }
        if (status.isEmpty()) {
            abandon();
        }
        yard.ended(this, status);
    }

    private Status finish() throws FileAccessException {
        FileWriter file = open();
        if (written < entry().size()) {
            file.setLength(entry().size());
        }
        Metadata metadata = yard.policy().of(entry());
        boolean bare = !continued && !item.folder().facts().inheriting;
        yard.policy().apply(entry().path(), metadata, file.attributes(), bare);
        Status status = group.isPresent() ? file.status() : NOT_ASKED;
        closeWriter();
        if (!direct) {
            directory().rename(madeAs, directory(), item.name());
        }
        yard.tally().bytesWritten(written);
        yard.tally().wrote(action, entry(), Math.max(0, entry().size() - told));
        told = 0;
        return status;
    }

    /** Stands for the status of a file that nobody else will ask about. */
    private static final Status NOT_ASKED = new Status(
            dev.holdfast.agent.files.FileType.FILE,
            0,
            0,
            0,
            0,
            0,
            new dev.holdfast.agent.files.Timestamp(0, 0),
            new dev.holdfast.agent.files.Timestamp(0, 0),
            0,
            0,
            1,
            0,
            false);

    /** Leaves nothing behind, except what a later run can continue. */
    synchronized void abandon() {
        over = true;
        yard.tally().given(entry().path(), told);
        boolean worthKeeping = !failed && !direct && entry().size() >= RESUMABLE_BYTES;
        try {
            closeWriter();
        } catch (FileAccessException e) {
            worthKeeping = false; // the file is given up; its content is not to be trusted
        }
        if (made && !worthKeeping) {
            try {
                directory().removeFile(madeAs);
            } catch (FileAccessException e) {
                // The folder may be gone with it; whatever stays has a name that the next run removes.
            }
        }
        made = false;
    }
}
