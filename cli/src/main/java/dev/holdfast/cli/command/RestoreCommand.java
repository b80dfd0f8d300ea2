package dev.holdfast.cli.command;

import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.restore.Action;
import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.agent.restore.RestorePlan;
import dev.holdfast.agent.restore.RestoreRequest;
import dev.holdfast.agent.restore.RestoreRun;
import dev.holdfast.agent.source.Target;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = {
            "Brings a volume back, or some paths of it, as they were in a snapshot of this or another host.",
            "A volume that lies on the server (`local: true`) is restored as it is there now: the server makes a snapshot"
                    + " first.",
            "First it is shown what would be written, replaced and deleted; before anything that is there is changed, you are"
                    + " asked (--yes answers in scripts). What is there already as it should be is kept. When a whole volume is"
                    + " restored, what the snapshot does not have is deleted from it (--no-delete keeps it), except"
                    + " what the volume's `include` and `exclude` keep out of every backup. An interrupted restore goes on when"
                    + " the same command is run again."
        })
final class RestoreCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Volume to restore.")
    private String volume = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "PATH",
            description = "Only these files and folders of it, relative to the volume (default: all).")
    private List<String> paths = new ArrayList<>();

    @Mixin
    private SnapshotOptions which = new SnapshotOptions();

    @Mixin
    private RestoreOptions how = new RestoreOptions();

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only show what would be done.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask before what is there is changed or deleted.")
    private boolean yes;

    @Option(
            names = "--on",
            paramLabel = "HOST",
            description =
                    "Let the agent of that host restore, into a volume there; for operators, where its configuration allows"
                            + " `remote: restore`.")
    private @Nullable String on;

    @Mixin
    private AgentOption agent = new AgentOption();

    private final Session session;
    /** What was restored; nothing as long as that has not come to its end. */
    private RunReport.Made made = RunReport.Made.NOTHING;
    /** Whether anything may be in the target that was not there before. */
    private boolean begun;

    RestoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<EntryPath> selections = paths.stream().map(VolumePath::parse).toList();
        how.requireSense();
        if (on != null) {
            return orderElsewhere(on);
        }
        agent.remark(session);
        SilentServers silence = SilentServers.ofRestore(session, which, dryRun, yes);
        try (Archive archive = Archive.of(session, which, volume, silence)) {
            Machine machine = archive.machine();
            session.remarkOnPlace(machine.configuration());
            recover(machine);
            archive.requireGrant(archive.host(), volume);
            Optional<Path> made = how.newVolume(session, machine);
            Optional<? extends Target> present =
                    archive.local() ? how.present(session, machine, volume) : Optional.empty();
            present.ifPresent(Target::requireFree);
            Optional<SnapshotRecord> chosen = new LocalSnapshot(session, archive, which, volume).choose(dryRun);
            if (chosen.isEmpty()) {
                present.ifPresent(this::stops);
                return 0;
            }
            SnapshotRecord record = chosen.get();
            Target target = how.target(session, archive, record, dryRun);
            try {
                target.requireFree();
                RestoreRequest request = how.request(
                                record, target.folder(), how.rules(machine, volume), selections, machine.threads())
                        .from(new RestoreRequest.Origin(how.intoVolume(volume).orElse(""), again(record)));
                RestoreReport report = new RestoreReport(session, record, target.shown(), selections.isEmpty());
                made.ifPresent(folder -> report.newVolume(folder, dryRun));
                report.stops(stops(target));
                return restore(archive, new Destination(target, made.isPresent()), request, report);
            } finally {
                if (!begun) {
                    target.abandon();
                }
            }
        }
    }

    /** Puts right what a killed run left; a dry run only says so. */
    private void recover(Machine machine) {
        HostVolumes volumes = new HostVolumes(session, machine);
        if (dryRun) {
            volumes.foretellRecovery();
        } else {
            volumes.recover();
        }
    }

    /** Asked before there is a plan, which nobody needs when one of them cannot be stopped. */
    private List<String> stops(Target target) {
        List<String> names = target.wouldStop();
        if (dryRun && !names.isEmpty()) {
            session.remark("would stop " + Standstill.named(names) + " for the restore, and start "
                    + (names.size() == 1 ? "it" : "them") + " again when that has come to its end");
        }
        return names;
    }

    /** The line that goes on with this very restore, also when there are newer snapshots. */
    private String again(SnapshotRecord record) {
        ShellWords line = new ShellWords("holdfast", "restore", volume)
                .option("--server", which.server())
                .option("--source", which.source())
                .word("--snapshot")
                .word(record.hash().brief());
        how.again(session, line);
        line.flag("--", paths.stream().anyMatch(path -> path.startsWith("-")));
        paths.forEach(line::word);
        return line.line();
    }

    /** For whoever has it carried out: what was restored, with what the server has sent. */
    RunReport.Made made() {
        return made;
    }

    private int orderElsewhere(String host) {
        Order.Restore what = how.elsewhere(which, paths);
        RemoteOrder order = new RemoteOrder(session);
        if (dryRun) {
            return order.plan(host, volume, what, which.server());
        }
        if (!yes && !agreedElsewhere(order, host, what)) {
            session.remark("nothing was done");
            return ProblemCode.CANCELLED.exitCode();
        }
        return order.restore(host, volume, what, which.server());
    }

    private boolean agreedElsewhere(RemoteOrder order, String host, Order.Restore what) {
        if (session.terminal().shape().inIsTerminal()) {
            order.plan(host, volume, what, which.server());
            session.terminal().flush();
        }
        String target = what.toVolume().isEmpty() ? volume : what.toVolume();
        boolean deletes = paths.isEmpty() && !what.keepOthers();
        return session.confirm("Restore into volume " + SafeText.of(target) + " of host '" + SafeText.of(host) + "'"
                + (deletes ? ", and delete everything in it that the snapshot lacks?" : "?"));
    }

    /** @param isNew whether it is to be a volume that nobody has heard of yet */
    private record Destination(Target target, boolean isNew) {}

    private int restore(Archive archive, Destination destination, RestoreRequest request, RestoreReport report) {
        FileSystemView files = FileSystemView.open();
        files.losses().forEach(loss -> session.remark("warning: not restored on this system: " + loss));
        ProgressRelay relay = new ProgressRelay();
        RestoreRun.Surroundings surroundings = new RestoreRun.Surroundings(
                archive.links(),
                files,
                archive.realm(),
                session.clock(),
                archive.machine().state().folder(),
                session.cancellation()::isRequested);
        session.cancellation().onRequest(() -> session.remark("stopping; what is restored so far stays"));
        try (RestoreRun run = new RestoreRun(surroundings, request, relay)) {
            long began = session.clock().millis();
            RestorePlan plan = plan(run, relay, report);
            if (dryRun) {
                report.dryRun(plan, Duration.ofMillis(session.clock().millis() - began));
                return plan.gaps().isEmpty() ? 0 : ProblemCode.DAMAGE.exitCode();
            }
            agree(plan, request.target(), destination.isNew());
            RestoreOutcome outcome = carryOut(archive.machine(), run, destination.target(), relay);
            made = new RunReport.Made(
                    request.snapshot().id(),
                    outcome.files(),
                    outcome.bytesRestored(),
                    outcome.bytesFetched(),
                    outcome.failureCount());
            report.outcome(plan, outcome);
            return outcome.shortcoming().map(ProblemCode::exitCode).orElse(0);
        }
    }

    private RestoreOutcome carryOut(Machine machine, RestoreRun run, Target target, ProgressRelay relay) {
        Optional<VolumeLock> lock = lock(machine);
        try {
            RestoreOutcome outcome = carryOut(run, target, relay);
            // What an earlier run of this restore has stopped is not this one's to hold, but waited for its end.
            new HostVolumes(session, machine).recover();
            return outcome;
        } finally {
            lock.ifPresent(VolumeLock::close);
        }
    }

    private Optional<VolumeLock> lock(Machine machine) {
        return how.intoVolume(volume)
                .map(into -> VolumeLock.take(session, machine, into, session.cancellation()::isRequested));
    }

    private RestoreOutcome carryOut(RestoreRun run, Target target, ProgressRelay relay) {
        // Whoever was asked, or waited for, may have let somebody in.
        target.requireFree();
        Target.Hold held = target.hold();
        try (ProgressDisplay display = session.progress("restore " + volume)) {
            relay.watch(display);
            begun = true;
            RestoreOutcome outcome = run.carryOut();
            display.complete();
            return outcome;
        } finally {
            held.close();
        }
    }

    private RestorePlan plan(RestoreRun run, ProgressRelay relay, RestoreReport report) {
        boolean names = session.options().verbose();
        RestorePlan plan;
        if (names) {
            plan = run.plan(report::step);
        } else {
            try (ProgressDisplay display = session.progressOfPreparation("compare " + volume)) {
                relay.watch(display);
                plan = run.plan();
            }
            relay.watch(Progress.NONE);
        }
        report.partial(plan);
        boolean wanted = dryRun || (!yes && RestoreReport.touchesWhatIsThere(plan)) || names;
        if (wanted && !session.options().json()) {
            report.plan(plan, names);
        }
        return plan;
    }

    /** Asks before anything that is there is changed or deleted, and before there is a volume that nobody has heard of. */
    private void agree(RestorePlan plan, Path target, boolean newVolume) {
        boolean mayFindMore = how.verify() && plan.count(Action.KEEP) > 0;
        boolean touches = RestoreReport.touchesWhatIsThere(plan);
        if (yes || (!touches && !mayFindMore && !newVolume)) {
            return;
        }
        session.terminal().flush();
        String what = "make a new volume";
        if (!newVolume) {
            what = touches ? RestoreReport.question(plan) : "compare everything and correct what differs";
        }
        if (!session.confirm(what + " in " + SafeText.of(target.toString()) + "?")) {
            throw Problem.of(
                            ProblemCode.CANCELLED,
                            "nothing was restored: it was not confirmed",
                            "`--to DIR` restores beside what is there.")
                    .asException();
        }
    }
}
