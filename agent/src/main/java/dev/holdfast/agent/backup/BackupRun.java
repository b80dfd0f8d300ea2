package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.UnfinishedImport;
import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.source.FrozenView;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.chunk.Chunker;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.Message;
import dev.holdfast.keys.realm.RealmKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One backup of one volume: connect, open the parent snapshot, walk, send what is new, commit. When the connection breaks, the
 * run begins again after a pause; what had been sent is not sent twice, because the server is asked first. When the server has
 * lost something that unchanged files are made of, the run begins again and reads them all.
 */
public final class BackupRun {
    private static final int ATTEMPTS_IN_VAIN = 8;
    private static final int ATTEMPTS = 100;
    private static final long PROGRESS_BYTES = 1 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final int SLABS_BESIDE_WORKERS = 4;

    /** What a run needs from its surroundings. */
    public record Surroundings(
            Supplier<ServerLink> connect,
            FileSystemView files,
            RealmKey realm,
            SecureRandom random,
            InstantSource clock,
            String software,
            BooleanSupplier cancelled) {}

    private final Surroundings surroundings;
    private BackupRequest request;
    private final ToldOnce progress;
    private final Traffic traffic;
    private final FileMeter meter;
    private final Foresight foresight;
    private final byte[] runId = new byte[16];
    private final long began;
    private Optional<BackupOutcome> made = Optional.empty();

    public BackupRun(Surroundings surroundings, BackupRequest request, Progress progress) {
        this.surroundings = surroundings;
        this.request = request;
        this.progress = new ToldOnce(progress);
        this.traffic = new Traffic(progress);
        this.meter = new FileMeter(this.progress, request.dryRun() ? "reading" : "uploading");
        this.foresight = new Foresight(this.progress);
        this.began = surroundings.clock().millis();
        surroundings.random().nextBytes(runId);
    }

    /**
     * Backs the volume up.
     *
     * @throws HoldfastException when no snapshot could be made: what was sent is kept for the next run; or when one is {@link #made},
     *     but what was held still for it cannot be let go of
     */
    public BackupOutcome run() {
        try (CountAhead ahead = new CountAhead(surroundings.files(), request.filter(), progress, CountAhead.LAG);
                FrozenOnce frozen = new FrozenOnce(request.source())) {
            BackupOutcome outcome = attempts(frozen, ahead);
            outcome.record().ifPresent(frozen::saved);
            made = Optional.of(outcome);
            return outcome;
        }
    }

    /** What {@link #run} has made, also when it failed afterwards. */
    public Optional<BackupOutcome> made() {
        return made;
    }

    private BackupOutcome attempts(FrozenOnce frozen, CountAhead ahead) {
        Duration pause = FIRST_PAUSE;
        int inVain = 0;
        for (int attempt = 1; ; attempt++) {
            gotFurther = false;
            walking = false;
            try (ServerLink link = surroundings.connect().get()) {
                return attempt(link, frozen, ahead);
            } catch (HoldfastException e) {
                if (surroundings.cancelled().getAsBoolean()) {
                    throw cancelled();
                }
                if (gotFurther) {
                    pause = FIRST_PAUSE;
                    inVain = 0;
                }
                inVain++;
                if (lostByServer(e)) {
                    progress.notice(e.problem().message() + "; every file is read and offered again");
                    request = request.rehashing();
                    continue;
                }
                boolean enough = inVain == ATTEMPTS_IN_VAIN || attempt == ATTEMPTS;
                if (e.problem().code() != ProblemCode.UNREACHABLE || enough || !connectedOnce) {
                    throw e;
                }
                progress.notice(e.problem().message() + "; trying again in " + pause.toSeconds() + " s");
                sleep(pause);
                pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        }
    }

    private boolean lostByServer(HoldfastException e) {
        return e.problem().code() == ProblemCode.DAMAGE && walking && !request.rehash();
    }

    private boolean connectedOnce;
    /** Whether the last attempt has got to comparing files. */
    private boolean walking;
    /** Whether the last attempt brought something to the server: then the line is poor, but not dead. */
    private boolean gotFurther;

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            throw cancelled();
        }
    }

    private static HoldfastException cancelled() {
        Thread.currentThread().interrupt();
        return Problem.of(
                        ProblemCode.CANCELLED,
                        "the backup was cancelled",
                        "What was sent is kept; the same command goes on from there.")
                .asException();
    }

    private BackupOutcome attempt(ServerLink link, FrozenOnce frozen, CountAhead ahead) {
        connectedOnce = true;
        progress.again();
        meter.again();
        progress.phase("comparing");
        Message.Begun begun = ServerLink.await(link.begin(surroundings.realm().realm(), request.volume(), runId));
        FrozenView view = frozen.view();
        Tally tally = new Tally();
        try (Directory root = openRoot(view);
                Parent parent = openParent(link, begun);
                Uploader uploader = new Uploader(
                        link,
                        surroundings.realm(),
                        surroundings.random(),
                        traffic,
                        request.threads(),
                        request.dryRun())) {
            walking = true;
            foresight.begin(parent.fileCount(), parent.byteCount(), () -> ahead.begin(view.root()));
            return send(link, view, root, parent, uploader, tally);
        } catch (InterruptedException e) {
            throw cancelled();
        } finally {
            gotFurther = link.bytesSent() > PROGRESS_BYTES;
            traffic.ended(link);
        }
    }

    private Directory openRoot(FrozenView view) {
        try {
            Directory root = surroundings.files().openRoot(view.root());
            try {
                view.requireThere();
                UnfinishedImport.requireNone(root, "volume '" + request.volume() + "'");
                return root;
            } catch (HoldfastException | FileAccessException e) {
                root.close();
                throw e;
            }
        } catch (FileAccessException e) {
            throw new HoldfastException(
                    Problem.of(
                            e.notFound() ? ProblemCode.NOT_FOUND : ProblemCode.IO,
                            "volume '" + request.volume() + "' cannot be read: " + e.getMessage(),
                            "Check `path` of the volume, or `volume_root` of client '" + request.host()
                                    + "', in the configuration."),
                    e);
        }
    }

    private Parent openParent(ServerLink link, Message.Begun begun) {
        if (begun.parent().length == 0) {
            return Parent.none();
        }
        try {
            SnapshotRecord record = SnapshotRecord.decode(begun.parent());
            return Parent.of(SnapshotReader.open(link, surroundings.realm(), record), this::parentDamaged);
        } catch (MalformedException e) {
            throw new HoldfastException(
                    Problem.of(ProblemCode.PROTOCOL, "the server sent a malformed record: " + e.getMessage(), ""), e);
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.DAMAGE) {
                throw e;
            }
            parentDamaged("everything is read anew: " + e.problem().message());
            return Parent.none();
        }
    }

    private void parentDamaged(String damage) {
        progress.notice("the snapshot before is damaged: " + damage);
    }

    private BackupOutcome send(
            ServerLink link, FrozenView view, Directory root, Parent parent, Uploader uploader, Tally tally)
            throws InterruptedException {
        RealmKey realm = surroundings.realm();
        SlabPool slabs = new SlabPool(request.threads() + SLABS_BESIDE_WORKERS);
        SharedChunk shared = new SharedChunk(uploader, slabs);
        SharedChunk pages = new SharedChunk(uploader, slabs);
        Runnable closeShared = () -> {
            shared.close();
            pages.close();
        };
        Cutter byContent = Cutter.byContent(new Chunker(realm.gearTable(), Chunker.Sizes.STANDARD));
        StretchReader stretches = new StretchReader(slabs, uploader, meter);
        ContentReader.Earlier earlier = new ContentReader.Earlier(
                parent, new Recognition(realm), new Holdings(link, parent, request.rehash()), request.rehash());
        try (TreeAssembler tree = new TreeAssembler(uploader, closeShared)) {
            PagedReader paged =
                    new PagedReader(stretches, slabs, uploader, realm.newPageMac(), pages, tree, parent, meter);
            ContentReader contents =
                    new ContentReader(stretches, byContent, realm.newContentMac(), shared, tree, paged, earlier, meter);
            EntryMaker entries =
                    new EntryMaker(surroundings.files().owners(), root.status().device(), (path, reason) -> {
                        tally.unreadable(path, reason);
                        progress.notice(reason);
                    });
            new Walk(
                            root,
                            request.filter(),
                            request.rehash(),
                            parent,
                            entries,
                            contents,
                            tree,
                            tally,
                            meter,
                            foresight,
                            progress,
                            surroundings.cancelled(),
                            view.still() ? LiveDatabases.NOT_SOUGHT : new LiveDatabases(progress::notice))
                    .run();
            progress.total(tally.files(), tally.bytes);
            progress.phase("committing");
            closeShared.run();
            TreeAssembler.Assembled assembled = tree.end();
            Optional<SnapshotRecord> record = commit(link, view, uploader, assembled, tally);
            uploader.check();
            if (tally.files() == 0 && parent.fileCount() > 0) {
                progress.notice(BackupOutcome.emptied(request.volume(), parent.fileCount()));
            }
            return outcome(link, record, parent, tally);
        } catch (FileAccessException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "volume '" + request.volume() + "' cannot be read: " + e.getMessage(),
                            "Run as a user who may read it."),
                    e);
        }
    }

    private Optional<SnapshotRecord> commit(
            ServerLink link, FrozenView view, Uploader uploader, TreeAssembler.Assembled assembled, Tally tally)
            throws InterruptedException {
        SnapshotManifest manifest = new SnapshotManifest(
                request.host(),
                request.volume(),
                view.root().toString(),
                surroundings.software(),
                began,
                surroundings.clock().millis(),
                tally.counts(),
                tally.unreadableCount(),
                tally.unreadable(),
                assembled.sparse(),
                assembled.blocks(),
                view.properties());
        ObjectId id = uploader.object(ObjectKind.SNAPSHOT, assembled.references(), manifest.encode())
                .await();
        if (request.dryRun()) {
            return Optional.empty();
        }
        view.requireHeld();
        return Optional.of(ServerLink.await(
                link.commit(id, manifest.partial(), tally.fuzzyCount() > 0, began, tally.files(), tally.bytes)));
    }

    private BackupOutcome outcome(ServerLink link, Optional<SnapshotRecord> record, Parent parent, Tally tally) {
        return new BackupOutcome(
                record,
                parent.exists(),
                parent.fileCount(),
                new BackupOutcome.Files(
                        tally.filesNew,
                        tally.filesChanged,
                        tally.filesUnmodified,
                        tally.filesOtherMetadata,
                        tally.directoriesNew,
                        tally.directoriesChanged,
                        tally.directoriesUnmodified,
                        tally.others),
                tally.vanished,
                tally.bytes,
                meter.bytesRead(),
                traffic.objects(),
                traffic.plainBytes(),
                traffic.bytes(link),
                Duration.ofMillis(surroundings.clock().millis() - began),
                tally.fuzzyCount(),
                tally.fuzzy(),
                tally.unreadableCount(),
                tally.unreadable());
    }
}
