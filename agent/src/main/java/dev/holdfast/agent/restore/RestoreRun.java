package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.UnfinishedImport;
import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.marker.Marker;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.keys.realm.RealmKey;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One restore of one snapshot: open it, compare it with the target ({@link #plan}), and, when the caller has agreed, carry the
 * plan out ({@link #carryOut}). When the connection breaks, the walk begins again over a new one after a pause; what is finished
 * is kept, and what was in flight is fetched again. The same holds for a run that was cancelled or killed.
 *
 * <p>When {@link #carryOut} returns, everything is on the disk: the target's file system is synced before the marker goes.
 */
public final class RestoreRun implements AutoCloseable {
    private static final int ATTEMPTS_IN_VAIN = 8;
    private static final int ATTEMPTS = 100;
    private static final long PROGRESS_BYTES = 1 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /**
     * What a run needs from its surroundings.
     *
     * @param state folder for the marker of unfinished restores, outside every target
     */
    public record Surroundings(
            Supplier<ServerLink> connect,
            FileSystemView files,
            RealmKey realm,
            InstantSource clock,
            Path state,
            BooleanSupplier cancelled) {}

    private final Surroundings surroundings;
    private final RestoreRequest request;
    private final Progress progress;
    private final Powers powers = Powers.ofProcess();
    private final Tally tally;
    private final Trouble cancellation;
    private @Nullable ServerLink link;
    private @Nullable SnapshotReader reader;
    private boolean connectedOnce;

    public RestoreRun(Surroundings surroundings, RestoreRequest request, Progress progress) {
        this.surroundings = surroundings;
        this.request = request;
        this.progress = progress;
        this.tally = new Tally(progress);
        this.cancellation = new Trouble(surroundings.cancelled());
    }

    /** Compares the snapshot with the target and counts what there is to do. Changes nothing. */
    public RestorePlan plan() {
        return plan(step -> {});
    }

    /** As {@link #plan()}; {@code told} sees each change, however many there are. */
    public RestorePlan plan(Consumer<RestorePlan.Step> told) {
        requireNoImport();
        Marker.requireNoLess(
                surroundings.state(), request.target(), request.selections().isEmpty());
        progress.phase("comparing");
        RestorePlan plan = connected(reader -> {
            Planner planner = new Planner(surroundings.files(), request, reader.manifest(), powers, cancellation, told);
            new TreeMerge(reader, request.selections(), planner).run();
            return planner.plan();
        });
        tally.planned(plan.files(), plan.bytes());
        return plan;
    }

    /**
     * Makes the target what the snapshot says.
     *
     * @throws HoldfastException when the run could not go on to the end; what is done stays, and the same run goes on from there
     */
    public RestoreOutcome carryOut() {
        long began = surroundings.clock().millis();
        requireNoImport();
        try (Marker marker = Marker.open(
                surroundings.state(),
                request.target(),
                new Marker.Purpose(
                        request.snapshot(),
                        request.selections().isEmpty(),
                        request.origin().volume(),
                        request.origin().line()))) {
            marker.replaced()
                    .ifPresent(other -> progress.notice("a restore of snapshot " + other.snapshot()
                            + " was not finished here; this one takes its place"));
            RestoreRequest wanted = marker.otherBoot() ? request.verifying() : request;
            makeTarget();
            progress.phase("restoring");
            connected(reader -> perform(reader, wanted));
            if (request.deleteExtras()) {
                progress.phase("deleting");
                connected(this::delete);
            }
            progress.phase("syncing");
            sync();
            marker.remove();
        }
        return tally.outcome(Duration.ofMillis(surroundings.clock().millis() - began));
    }

    private Void perform(SnapshotReader reader, RestoreRequest wanted) {
        Trouble trouble = new Trouble(surroundings.cancelled());
        MetadataPolicy policy = new MetadataPolicy(wanted, powers, tally);
        try (Directory linkRoot = openTarget()) {
            LinkMaker linkMaker = new LinkMaker(linkRoot, tally, trouble);
            Fetcher fetcher = new Fetcher(reader, wanted.threads(), trouble, tally);
            try (FileWork work = new FileWork(
                    surroundings.realm(), wanted, policy, linkMaker, fetcher, new ContentFeed(reader, fetcher))) {
                Performer performer = new Performer(openTarget(), wanted, spared(reader), policy, work, linkMaker);
                new TreeMerge(reader, wanted.selections(), performer).run();
                work.finish();
            }
        } catch (HoldfastException e) {
            tally.beginAgain();
            throw e;
        }
        trouble.check();
        return null;
    }

    private Void delete(SnapshotReader reader) {
        Trouble trouble = new Trouble(surroundings.cancelled());
        Finisher finisher = new Finisher(new MetadataPolicy(request, powers, tally), tally, trouble);
        Deletion deletion = new Deletion(openTarget(), spared(reader), finisher, tally, trouble);
        new TreeMerge(reader, request.selections(), deletion).run();
        trouble.check();
        return null;
    }

    private Spared spared(SnapshotReader reader) {
        return new Spared(request.rules(), reader.manifest());
    }

    private void makeTarget() {
        try {
            Files.createDirectories(request.target());
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "target " + request.target() + " cannot be made: " + reason(e),
                            "Choose a folder that may be written with `--to`."),
                    e);
        }
    }

    /** One that is at work would lose its files as extras. */
    private void requireNoImport() {
        if (!Files.isDirectory(request.target())) {
            return;
        }
        try (Directory target = openTarget()) {
            UnfinishedImport.requireNone(target, request.target().toString());
        } catch (FileAccessException e) {
            throw unusable(request.target(), e);
        }
    }

    private String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "no permission to make " + denied.getFile();
        }
        for (Path above = request.target(); above != null; above = above.getParent()) {
            if (Files.exists(above, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(above)) {
                return above + " is there and is no folder";
            }
        }
        return e instanceof FileSystemException other && other.getReason() != null
                ? other.getFile() + ": " + other.getReason()
                : e.getClass().getSimpleName() + " (" + e.getMessage() + ")";
    }

    private Directory openTarget() {
        try {
            return surroundings.files().openRoot(request.target());
        } catch (FileAccessException e) {
            throw unusable(request.target(), e);
        }
    }

    private void sync() {
        try (Directory target = openTarget()) {
            target.syncFileSystem();
        } catch (FileAccessException e) {
            throw unusable(request.target(), e);
        }
    }

    static HoldfastException unusable(Object target, FileAccessException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        "target " + target + " cannot be used: " + e.getMessage(),
                        "Choose a folder that may be read and written with `--to`."),
                e);
    }

    static HoldfastException bug(Throwable cause) {
        return new HoldfastException(
                Problem.of(ProblemCode.BUG, "the restore failed: " + cause, "Report this."), cause);
    }

    // ---- the connection

    /** Runs some work over a connection, again over a new one when it breaks. */
    private <T> T connected(Function<SnapshotReader, T> work) {
        Duration pause = FIRST_PAUSE;
        int inVain = 0;
        for (int attempt = 1; ; attempt++) {
            try {
                return work.apply(reader());
            } catch (HoldfastException e) {
                if (gotFurther()) {
                    pause = FIRST_PAUSE;
                    inVain = 0;
                }
                inVain++;
                drop();
                boolean enough = inVain == ATTEMPTS_IN_VAIN || attempt == ATTEMPTS;
                if (e.problem().code() != ProblemCode.UNREACHABLE || enough || !connectedOnce) {
                    throw e;
                }
                progress.notice(e.problem().message() + "; trying again in " + pause.toSeconds() + " s");
                sleep(pause);
                Duration longer = pause.multipliedBy(2);
                pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
            }
        }
    }

    /** Whether the connection that broke has brought something: then the line is poor, but not dead. */
    private boolean gotFurther() {
        return link != null && link.bytesReceived() > PROGRESS_BYTES;
    }

    /** One reader for one connection: the server sends each key slot once. */
    private SnapshotReader reader() {
        SnapshotReader open = reader;
        if (open == null) {
            link = surroundings.connect().get();
            connectedOnce = true;
            open = SnapshotReader.open(link, surroundings.realm(), request.snapshot(), cancellation::check);
            reader = open;
        }
        return open;
    }

    private void drop() {
        SnapshotReader opened = reader;
        reader = null;
        if (opened != null) {
            opened.close();
        }
        ServerLink broken = link;
        link = null;
        if (broken != null) {
            broken.close();
        }
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Trouble.cancelled();
        }
    }

    /** Ends the connection. */
    @Override
    public void close() {
        drop();
    }
}
