package dev.holdfast.server.store;

import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.pack.PackHeader;
import dev.holdfast.server.pack.PackId;
import dev.holdfast.server.pack.PackWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The packs of a realm that still take objects: given to one session at a time, and kept for the next one of the same host. */
final class OpenPacks {
    private static final Logger log = LoggerFactory.getLogger(OpenPacks.class);

    private final Repository repository;
    private final Disk disk;
    private final String realm;
    private final Path packs;
    private final PackRegistry registry;
    private final RealmIndex index;
    private final Map<String, Deque<OpenPack>> idle = new HashMap<>();
    private final Set<String> folders = ConcurrentHashMap.newKeySet();

    OpenPacks(Repository repository, Path directory, PackRegistry registry, RealmIndex index) {
        this.repository = repository;
        this.disk = repository.disk();
        this.realm = String.valueOf(directory.getFileName());
        this.packs = directory.resolve("packs");
        this.registry = registry;
        this.index = index;
    }

    /** Takes a pack that the host's last session left open, or begins one. */
    OpenPack take(String host) throws IOException {
        for (Optional<OpenPack> pack = idle(host); pack.isPresent(); pack = idle(host)) {
            if (pack.get().stored().verified() <= pack.get().writer().end()) {
                return pack.get();
            }
            // What was verified at its end was lost: nothing may take that place and pass for it.
            finish(pack.get());
        }
        PackId id = PackId.random(repository.random());
        PackHeader header = new PackHeader(id, repository.clock().instant(), realm, host);
        PackWriter writer = PackWriter.create(disk, folder(id), header);
        return new OpenPack(registry.add(id, host, writer.end(), StoredPack.State.OPEN, 0), writer);
    }

    private Optional<OpenPack> idle(String host) {
        synchronized (idle) {
            return Optional.ofNullable(idle.get(host)).map(Deque::poll);
        }
    }

    private Path folder(PackId id) throws IOException {
        Path folder = packs.resolve(id.folder());
        if (!folders.contains(id.folder())) {
            disk.createDirectories(folder);
            folders.add(id.folder());
        }
        return folder;
    }

    void finish(OpenPack pack) throws IOException {
        long fileBytes;
        try {
            fileBytes = pack.writer().finish();
            pack.stored().become(StoredPack.State.CLOSED);
            pack.writer().close();
        } finally {
            pack.publish();
        }
        if (index.closed(pack.stored(), pack.writer().table().entries().size(), fileBytes)) {
            repository.background().execute(index::tidy);
        }
    }

    /** Keeps a pack for the host's next session, synced, so that what is in it counts for all of them. */
    void giveBack(OpenPack pack) {
        try {
            pack.writer().sync();
        } catch (IOException e) {
            log.warn(
                    "{}: pack {} of host {} is set aside: {}",
                    realm,
                    pack.stored().id(),
                    pack.stored().host(),
                    e.getMessage());
        }
        pack.publish();
        if (pack.writer().broken()) {
            abandon(pack);
            return;
        }
        synchronized (idle) {
            idle.computeIfAbsent(pack.stored().host(), host -> new ArrayDeque<>())
                    .push(pack);
        }
    }

    /** Lets go of a pack that takes no more objects. */
    void abandon(OpenPack pack) {
        pack.publish();
        try {
            pack.writer().close();
        } catch (IOException e) {
            log.warn("{}: closing pack {}: {}", realm, pack.stored().id(), e.getMessage());
        }
    }

    void close() throws IOException {
        synchronized (idle) {
            for (Deque<OpenPack> waiting : idle.values()) {
                for (OpenPack pack : waiting) {
                    pack.writer().close();
                }
            }
            idle.clear();
        }
    }
}
