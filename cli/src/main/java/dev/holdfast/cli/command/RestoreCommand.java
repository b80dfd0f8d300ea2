package dev.holdfast.cli.command;

import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.restore.Action;
import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.agent.restore.RestorePlan;
import dev.holdfast.agent.restore.RestoreRequest;
import dev.holdfast.agent.restore.RestoreRun;
import dev.holdfast.agent.source.Target;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.core.fleet.Order;
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
        try (Archive archive = Archive.of(session, which, volume)) {
            Machine machine = archive.machine();
            session.remarkOnPlace(machine.configuration());
            new HostVolumes(session, machine).recover();
            archive.requireGrant(archive.host(), volume);
            Optional<Path> made = how.newVolume(session, machine);
            if (archive.local() && !dryRun) {
                how.requireFree(session, machine, volume);
            }
            Optional<SnapshotRecord> chosen = new LocalSnapshot(session, archive, which, volume).choose(dryRun);
            if (chosen.isEmpty()) {
                return 0;
            }
            SnapshotRecord record = chosen.get();
            Target target = how.target(session, archive, record, dryRun);
            target.requireFree();
            RestoreRequest request =
                    how.request(record, target.folder(), how.rules(machine, volume), selections, machine.threads());
            RestoreReport report = new RestoreReport(session, record, target.folder(), selections.isEmpty());
            made.ifPresent(folder -> report.newVolume(folder, dryRun));
            return restore(archive, target, request, report, made.isPresent());
        }
    }

    private int orderElsewhere(String host) {
        Order.Restore what = how.elsewhere(which, paths, dryRun);
        boolean agreed = yes
                || session.confirm("Restore " + volume + " on host '" + host + "', replacing what is in "
                        + (what.toVolume().isEmpty() ? "it" : what.toVolume()) + " there?");
        if (!agreed) {
            session.remark("nothing was done");
            return ProblemCode.CANCELLED.exitCode();
        }
        return new RemoteOrder(session).restore(host, volume, what, which.server());
    }

    private int restore(
            Archive archive, Target target, RestoreRequest request, RestoreReport report, boolean newVolume) {
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
            agree(plan, request.target(), newVolume);
            RestoreOutcome outcome = carryOut(archive.machine(), run, target, relay);
            report.outcome(plan, outcome);
            return outcome.shortcoming().map(ProblemCode::exitCode).orElse(0);
        }
    }

    private RestoreOutcome carryOut(Machine machine, RestoreRun run, Target target, ProgressRelay relay) {
        Optional<VolumeLock> lock = lock(machine);
        try {
            return carryOut(run, target, relay);
        } finally {
            lock.ifPresent(VolumeLock::close);
        }
    }

    private Optional<VolumeLock> lock(Machine machine) {
        return how.intoVolume(volume)
                .map(into -> VolumeLock.take(session, machine, into, session.cancellation()::isRequested));
    }

    private RestoreOutcome carryOut(RestoreRun run, Target target, ProgressRelay relay) {
        Target.Hold held = target.hold();
        try (ProgressDisplay display = session.progress("restore " + volume)) {
            relay.watch(display);
            return run.carryOut();
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
