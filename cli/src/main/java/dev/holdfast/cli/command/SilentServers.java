package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Ages;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Only one of the servers that answer has a volume, and others, which do not answer, may have it as well: with newer snapshots. Whoever
 * only looks is told. A restore of the latest there is would put older files in the place of what is there, and an archive of it would
 * pass for the latest, so somebody has to want that: a person who is asked, or a script that names the server or the snapshot. A dry run
 * says what would become of it.
 */
final class SilentServers {
    private final Session session;
    private final Mode mode;
    private final Deed deed;

    private enum Mode {
        TELL,
        /** That a person would be asked. */
        FORETELL,
        ASK,
        REFUSE
    }

    /** What the backups are wanted for. */
    private enum Deed {
        LOOK("Look at what is there", "shown"),
        RESTORE("Restore", "restored"),
        EXPORT("Export", "exported");

        private final String verb;
        private final String done;

        Deed(String verb, String done) {
            this.verb = verb;
            this.done = done;
        }
    }

    /** A server that has the volume; {@code newest} is empty when it has no snapshot of it, but the volume itself. */
    record Holder(Server server, Optional<SnapshotRecord> newest) {}

    /** A server that could not be asked. */
    record Silent(Server server, Problem why) {}

    private SilentServers(Session session, Deed deed, Mode mode) {
        this.session = session;
        this.deed = deed;
        this.mode = mode;
    }

    /** Those of somebody who only looks. */
    static SilentServers told(Session session) {
        return new SilentServers(session, Deed.LOOK, Mode.TELL);
    }

    /** Those of a restore. */
    static SilentServers ofRestore(Session session, SnapshotOptions which, boolean dryRun, boolean yes) {
        return new SilentServers(session, Deed.RESTORE, mode(session, which, dryRun, yes));
    }

    /** Those of an export. */
    static SilentServers ofExport(Session session, SnapshotOptions which, boolean dryRun) {
        return new SilentServers(session, Deed.EXPORT, mode(session, which, dryRun, false));
    }

    private static Mode mode(Session session, SnapshotOptions which, boolean dryRun, boolean yes) {
        boolean chosen =
                which.snapshot().filter(id -> !id.equals(SnapshotChoice.LATEST)).isPresent();
        if (chosen) {
            return Mode.TELL;
        }
        boolean person =
                session.terminal().shape().inIsTerminal() && !session.options().json() && !yes;
        return !person ? Mode.REFUSE : dryRun ? Mode.FORETELL : Mode.ASK;
    }

    void settle(String volume, Holder only, List<Silent> silent) {
        silent.forEach(one -> session.remark(
                "warning: not every server could be asked: " + one.why().message()));
        session.remark("volume '" + volume + "' is on server '" + only.server().name() + "'");
        if (silent.isEmpty() || mode == Mode.TELL) {
            return;
        }
        String there = "the newest snapshot on server '" + only.server().name() + "' is "
                + only.newest()
                        .map(record -> "of " + new LocalTimes(session.zone()).show(record.received()) + ", "
                                + new Ages(session.clock()).of(record.received()))
                        .orElse("still to be made of what lies there");
        if (mode == Mode.REFUSE) {
            throw Problem.of(
                            silent.get(0).why().code(),
                            "server " + names(silent) + " could not be asked for volume '" + volume
                                    + "' and may have newer backups: " + there,
                            "If that will do, say `--server " + only.server().name()
                                    + "`, or name a snapshot with `--snapshot ID`;" + " else try again when "
                                    + names(silent) + " can be reached.")
                    .asException();
        }
        session.say("server " + names(silent) + " could not be asked and may have newer backups; " + there);
        String question = deed.verb + " from server '" + only.server().name() + "'?";
        if (mode == Mode.FORETELL) {
            session.say("without --dry-run this is asked first: " + question);
            return;
        }
        session.terminal().flush();
        if (!session.confirm(question)) {
            throw Problem.of(
                            ProblemCode.CANCELLED,
                            "nothing was " + deed.done + ": it was not confirmed",
                            "Try again when " + names(silent) + " can be reached.")
                    .asException();
        }
    }

    private static String names(List<Silent> silent) {
        return silent.stream().map(one -> "'" + one.server().name() + "'").collect(Collectors.joining(", "));
    }
}
