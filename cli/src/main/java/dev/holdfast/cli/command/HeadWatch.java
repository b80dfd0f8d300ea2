package dev.holdfast.cli.command;

import dev.holdfast.agent.history.SeenHeads;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiPredicate;

/** Compares what a server shows with what this machine has seen of it before, and raises the alarm when it does not fit. */
final class HeadWatch {
    private final Session session;
    private final Path file;
    private final String server;

    HeadWatch(Session session, Machine machine, String server) {
        this.session = session;
        this.file = machine.state().folder().resolve("heads");
        this.server = server;
    }

    /** A listing of one host or all, of one volume or all. */
    void listed(List<SnapshotRecord> records, String host, String volume, BiPredicate<String, String> readable) {
        watch(heads -> heads.listed(records, host, volume, readable));
    }

    /** A snapshot that was just taken in. */
    void committed(SnapshotRecord record) {
        watch(heads -> heads.committed(record));
    }

    private void watch(Comparison comparison) {
        try {
            comparison.with(SeenHeads.open(file, server)).forEach(session::alarm);
        } catch (IOException e) {
            session.remark("warning: cannot remember what the server showed in " + file + ": "
                    + e.getClass().getSimpleName());
        }
    }

    private interface Comparison {
        List<Problem> with(SeenHeads heads) throws IOException;
    }
}
