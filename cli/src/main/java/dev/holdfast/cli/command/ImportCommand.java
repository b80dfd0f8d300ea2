package dev.holdfast.cli.command;

import dev.holdfast.agent.archive.ImportOutcome;
import dev.holdfast.agent.archive.ImportRun;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.cli.terminal.Durations;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Makes a new volume of this machine from a tar file; needs no server and no keys.",
            "Reads what `export`, GNU tar, bsdtar and privateer write, compressed or not. The volume lies where the configuration"
                    + " says, or is made in the container engine, or lies in the folder that --to names; it must not be"
                    + " there yet. Nothing is written outside"
                    + " it, and what fails leaves nothing behind."
        })
final class ImportCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    @Parameters(index = "0", paramLabel = "TARFILE", description = "The archive.")
    private Path archive = Path.of("");

    @Parameters(index = "1", paramLabel = "VOLUME", description = "The volume to make.")
    private String volume = "";

    @Option(names = "--to", paramLabel = "DIR", description = "Make it in this folder instead of the volume's own.")
    private @Nullable Path to;

    @Option(
            names = "--special",
            description =
                    "Also make devices, setuid and setgid bits of files, file capabilities and other attributes called `security.*`, and"
                            + " attributes of overlay file systems.")
    private boolean special;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Read the archive to its end and look at the target, but make nothing.")
    private boolean dryRun;

    private final Session session;

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        FileSystemView files = FileSystemView.open();
        files.losses().forEach(loss -> session.remark("warning: not restored on this system: " + loss));
        long began = session.clock().millis();
        LocalFolders.Place place = to == null
                ? new LocalFolders(session, volume).toMake()
                : new LocalFolders(session, session.resolve(to).toString()).toMake();
        ImportRun.Request request = new ImportRun.Request(session.resolve(archive), place.open(dryRun), special);
        ImportOutcome outcome;
        try (ProgressDisplay display = session.progress("import " + volume)) {
            ImportRun run = new ImportRun(files, request, session.cancellation()::isRequested, display);
            session.cancellation()
                    .onRequest(() -> session.remark(
                            run.canBeStopped()
                                    ? "stopping; what was imported so far is removed"
                                    : "too late to stop: everything is imported, and only put in its place"));
            outcome = dryRun ? run.examine() : run.carryOut();
            display.complete();
        } catch (RuntimeException e) {
            if (!dryRun) {
                place.abandon();
            }
            throw e;
        }
        report(request, place, outcome, session.clock().millis() - began);
        return 0;
    }

    private void report(ImportRun.Request request, LocalFolders.Place place, ImportOutcome outcome, long millis) {
        String where = dryRun ? place.shown() : request.target().toString();
        if (session.options().json()) {
            session.json()
                    .line(
                            "summary",
                            json -> json.text("archive", request.archive().toString())
                                    .text("volume", volume)
                                    .text("target", where)
                                    .flag("dry_run", dryRun)
                                    .number("entries", outcome.entries())
                                    .number("files", outcome.files())
                                    .number("links", outcome.links())
                                    .number("bytes", outcome.bytes())
                                    .number("left_out_count", outcome.leftOutCount())
                                    .objects("left_out", outcome.leftOut(), ExportReport::note)
                                    .number("total_duration", millis / 1000.0));
            return;
        }
        outcome.leftOut().stream()
                .limit(SHOWN)
                .forEach(note -> session.remark((dryRun ? "would be left out: " : "left out: ")
                        + SafeText.of(note.what()) + " of '" + note.path() + "'"));
        if (outcome.leftOutCount() > SHOWN) {
            session.remark("... and " + (outcome.leftOutCount() - SHOWN) + " more things that "
                    + (dryRun ? "would be" : "were") + " left out");
        }
        if (session.options().quiet()) {
            return;
        }
        session.say("paths:  " + outcome.entries() + ", " + outcome.files() + " of them files and " + outcome.links()
                + " further names of files");
        session.say("size:   " + Sizes.show(outcome.bytes()));
        session.say(
                dryRun
                        ? "dry run: the archive is whole, and " + SafeText.of(where)
                                + " would be made; nothing was made"
                        : "volume " + SafeText.of(volume) + " is in " + SafeText.of(where) + " ("
                                + Durations.words(Duration.ofMillis(millis)) + ")");
    }
}
