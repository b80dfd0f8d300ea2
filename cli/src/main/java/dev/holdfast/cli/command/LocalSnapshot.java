package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.util.List;
import java.util.Optional;

/**
 * Which snapshot is taken from: of a volume that lies on the server one of what it holds now, made on the spot, unless an older one is
 * asked for; of all others the latest, or as asked.
 */
final class LocalSnapshot {
    private final Session session;
    private final Archive archive;
    private final SnapshotOptions which;
    private final String volume;

    LocalSnapshot(Session session, Archive archive, SnapshotOptions which, String volume) {
        this.session = session;
        this.archive = archive;
        this.which = which;
        this.volume = volume;
    }

    /** Empty for a dry run that would make the first snapshot of all: it makes none. */
    Optional<SnapshotRecord> choose(boolean dryRun) {
        if (!isMadeNow()) {
            return Optional.of(archive.choose(volume, which));
        }
        return dryRun ? latest() : Optional.of(taken());
    }

    /** Whether the run makes the snapshot that it then takes from. */
    boolean isMadeNow() {
        return archive.local() && which.at().isEmpty() && which.snapshot().isEmpty();
    }

    private SnapshotRecord taken() {
        Thread waiting = Thread.currentThread();
        session.cancellation().onRequest(() -> {
            session.remark("stopping; the server makes its snapshot all the same");
            waiting.interrupt();
        });
        SnapshotRecord taken;
        try (ProgressDisplay display = session.progress("snapshot " + volume)) {
            taken = archive.take(volume, display);
            display.complete();
        }
        SnapshotSummary summary = taken.summary();
        session.remark("snapshot " + taken.hash().brief() + " of " + volume + " as it is on " + taken.host() + ": "
                + Sizes.show(summary.totalBytes()) + " in " + summary.files() + " files, "
                + Sizes.show(summary.addedBytes()) + " added");
        if (summary.outcome() == SnapshotSummary.Outcome.PARTIAL) {
            session.alarm(
                    Problem.of(
                            ProblemCode.PARTIAL,
                            "server '" + taken.host() + "' could not read all of volume '" + volume + "'",
                            "Its log (`server.log`) says which files are missing; the server must run as a user who may read them."));
        }
        return taken;
    }

    private Optional<SnapshotRecord> latest() {
        String place = archive.place(volume);
        session.remark("dry run: no snapshot is made of volume '" + volume + "', which is " + place + " on server '"
                + archive.server().name() + "'");
        List<SnapshotRecord> records = archive.records(archive.host(), volume);
        if (records.isEmpty()) {
            nothingYet(place);
            return Optional.empty();
        }
        SnapshotRecord last = records.get(records.size() - 1);
        session.remark("what follows is true of its last snapshot, "
                + last.hash().brief() + ", received " + new LocalTimes(session.zone()).precise(last.received()));
        return Optional.of(last);
    }

    private void nothingYet(String place) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "summary",
                            json -> json.text("source", archive.host())
                                    .text("volume", volume)
                                    .text("place", place)
                                    .flag("dry_run", true));
        } else {
            session.say("its first snapshot would be made; what there is to restore is known only then");
        }
    }
}
