package dev.holdfast.system.hosts;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.agent.backup.BackupRequest;
import dev.holdfast.agent.backup.BackupRun;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.agent.restore.RestoreRequest;
import dev.holdfast.agent.restore.RestoreRun;
import dev.holdfast.agent.source.FolderSource;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.server.fleet.Fleet;
import dev.holdfast.server.local.LocalAgent;
import dev.holdfast.server.local.SnapshotsOnDemand;
import dev.holdfast.server.session.Activity;
import dev.holdfast.server.session.AgentSession;
import dev.holdfast.server.session.Grants;
import dev.holdfast.server.session.Site;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A server with a repository of its own, and hosts {@code alice} and {@code bob} that share a realm and may restore each other. */
public final class TwoHosts implements AutoCloseable {
    public static final String REALM = "home";
    public static final String SOFTWARE = "holdfast test";

    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private final RealmKey realm = RealmKey.generate(REALM, random);
    private final FileSystemView files = FileSystemView.open();
    private final List<Thread> sessions = new ArrayList<>();
    private final Fleet fleet;
    private Repository repository;
    private Consumer<LoopLink> onConnect = link -> {};

    /** Keeps everything in {@code folder}. */
    public TwoHosts(Path folder) throws IOException {
        this.folder = folder;
        this.fleet = Fleet.open(folder.resolve("fleet"), List::of, InstantSource.system(), (host, report, at) -> {});
        this.repository = openRepository();
    }

    private Repository openRepository() throws IOException {
        return Repository.open(folder.resolve("server"), InstantSource.system(), random);
    }

    /** Stops the server and starts it again on the same repository. */
    public void restartServer() throws IOException {
        joinSessions();
        repository.close();
        repository = openRepository();
    }

    /** As {@code server rebuild-index} does between a stop and a start. */
    public void rebuildIndexes() throws IOException {
        joinSessions();
        repository.close();
        try (Repository offline = openRepository()) {
            offline.rebuildIndexes();
        }
        repository = openRepository();
    }

    /** Where the server keeps its packs and logs. */
    public Path repositoryFolder() {
        return folder.resolve("server");
    }

    public Repository repository() {
        return repository;
    }

    public RealmKey realm() {
        return realm;
    }

    public FileSystemView files() {
        return files;
    }

    /** {@code hook} gets the client's end of each new connection, such as to cut it. */
    public void onConnect(Consumer<LoopLink> hook) {
        onConnect = hook;
    }

    /** A fresh connection of a host to the server. */
    public ServerLink connect(String host) {
        LoopLink.Pair pair = LoopLink.pair(host, "the server");
        Site site = new Site(
                repository,
                new Everyone(),
                InstantSource.system(),
                SOFTWARE,
                Activity.NONE,
                new SnapshotsOnDemand("server", LocalAgent.NONE, link -> {}),
                fleet);
        Thread session = new Thread(
                () -> {
                    new AgentSession(site, host, pair.server()).run();
                    pair.server().close();
                },
                "session-of-" + host);
        session.setDaemon(true);
        session.start();
        sessions.add(session);
        onConnect.accept(pair.client());
        return ServerLink.open(pair.client(), SOFTWARE, InstantSource.system().millis());
    }

    private record Everyone() implements Grants {
        @Override
        public boolean knows(String host) {
            return true;
        }

        @Override
        public Optional<String> realmOf(String host) {
            return Optional.of(REALM);
        }

        @Override
        public boolean mayBackUp(String host, String volume) {
            return true;
        }

        @Override
        public boolean mayRestore(String host, String sourceHost, String volume) {
            return true;
        }

        @Override
        public long quotaBytes(String host) {
            return Long.MAX_VALUE;
        }
    }

    /** Backs a folder up as a volume of {@code host}. */
    public BackupOutcome backup(String host, String volume, Path root) {
        return backup(host, volume, root, false);
    }

    /** The same, reading every file if {@code rehash}. */
    public BackupOutcome backup(String host, String volume, Path root, boolean rehash) {
        return backup(host, volume, root, rehash, Progress.NONE);
    }

    /** The same, watched. */
    public BackupOutcome backup(String host, String volume, Path root, boolean rehash, Progress progress) {
        BackupRun.Surroundings surroundings = new BackupRun.Surroundings(
                () -> connect(host), files, realm, random, InstantSource.system(), SOFTWARE, () -> false);
        BackupRequest request =
                new BackupRequest(host, volume, new FolderSource(root), PathFilter.everything(), rehash, false, 2);
        return new BackupRun(surroundings, request, progress).run();
    }

    /** Backs up and gives the record. */
    public SnapshotRecord snapshot(String host, String volume, Path root) {
        return backup(host, volume, root).record().orElseThrow();
    }

    /** A restore by {@code host} that was not begun yet. */
    public RestoreRun restoreRun(String host, RestoreRequest request, Progress progress, BooleanSupplier cancelled) {
        return new RestoreRun(
                new RestoreRun.Surroundings(
                        () -> connect(host), files, realm, InstantSource.system(), stateFolder(), cancelled),
                request,
                progress);
    }

    /** Where the agents keep their state. */
    public Path stateFolder() {
        return folder.resolve("state");
    }

    /** Plans and carries out. */
    public RestoreOutcome restore(String host, RestoreRequest request) {
        try (RestoreRun run = restoreRun(host, request, Progress.NONE, () -> false)) {
            run.plan();
            return run.carryOut();
        }
    }

    /** Restores a whole volume, special things included. */
    public RestoreOutcome restore(String host, SnapshotRecord snapshot, Path target) {
        return restore(host, RestoreRequest.whole(snapshot, target, 2).withSpecial());
    }

    private void joinSessions() {
        for (Thread session : sessions) {
            try {
                session.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        sessions.clear();
    }

    @Override
    public void close() throws IOException {
        joinSessions();
        fleet.close();
        repository.close();
        realm.close();
    }
}
