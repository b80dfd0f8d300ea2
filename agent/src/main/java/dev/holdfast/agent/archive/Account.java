package dev.holdfast.agent.archive;

import dev.holdfast.agent.archive.ExportOutcome.Note;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Counts one export as it goes, and knows when it is to end. */
final class Account {
    private final Progress progress;
    private final BooleanSupplier cancelled;
    private final List<Note> missing = new ArrayList<>();
    private final List<Note> leftOut = new ArrayList<>();
    private long entries;
    private long files;
    private long links;
    private long bytes;
    private long fuzzy;
    private long missingCount;
    private long leftOutCount;

    Account(Progress progress, BooleanSupplier cancelled) {
        this.progress = progress;
        this.cancelled = cancelled;
    }

    /** Asked often: ends the run when the person wants that. */
    void check() {
        if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw Problem.of(ProblemCode.CANCELLED, "the export was cancelled", "No archive was left behind.")
                    .asException();
        }
    }

    void began(Entry entry) {
        entries++;
        progress.current(entry.path().toString());
        if (entry.fuzzy()) {
            fuzzy++;
        }
        if (entry.type() == EntryType.FILE) {
            files++;
        }
    }

    void linked() {
        entries++;
        links++;
        progress.advanced(1, 0);
    }

    void ended(Entry entry) {
        progress.advanced(entry.type() == EntryType.FILE ? 1 : 0, 0);
    }

    void wrote(long count) {
        bytes += count;
        progress.advanced(0, count);
    }

    void changedWhileRead(EntryPath path) {
        fuzzy++;
        progress.notice("'" + path + "' changed while it was read");
    }

    void missing(EntryPath path, String reason) {
        missingCount++;
        progress.notice(reason);
        if (missing.size() < ExportOutcome.MAX_LISTED) {
            missing.add(new Note(path, reason));
        }
    }

    void leftOut(EntryPath path, String what) {
        leftOutCount++;
        if (leftOut.size() < ExportOutcome.MAX_LISTED) {
            leftOut.add(new Note(path, what));
        }
    }

    ExportOutcome outcome(long archiveBytes) {
        return new ExportOutcome(
                entries, files, links, bytes, archiveBytes, fuzzy, missingCount, missing, leftOutCount, leftOut);
    }
}
