package dev.holdfast.server.store;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.disk.WritableFile;
import dev.holdfast.server.pack.CorruptPackException;
import dev.holdfast.server.pack.PackEntry;
import dev.holdfast.server.pack.PackFormat;
import dev.holdfast.server.pack.PackHeader;
import dev.holdfast.server.pack.PackId;
import dev.holdfast.server.pack.PackScan;
import dev.holdfast.server.pack.PackTable;
import dev.holdfast.server.pack.PackWriter;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a realm's packs folder at start. A closed pack is believed by its footer, and scanned when that is damaged. An open one
 * is scanned and cut after its last whole object, for what follows is a torn write that nobody was told about.
 *
 * <p>But when whole objects lie behind the first bad byte, that byte may be damage to something that was acknowledged. Then
 * nothing is cut: the file is set aside under the name {@code <id>.<n>.damaged}, which also works on a full disk. Its first n
 * bytes count as before. Objects behind them may rely on what is lost, so they are there to be read and never count as known.
 *
 * <p>A pack that the disk does not give, or not all of, keeps its name and is not continued: the next start may read it.
 */
final class PackLoader {
    private final Disk disk;
    private final Path packs;
    private final String realm;
    private final List<Problem> findings = new ArrayList<>();

    PackLoader(Disk disk, Path packs, String realm) {
        this.disk = disk;
        this.packs = packs;
        this.realm = realm;
    }

    /**
     * A pack as it was found: {@code counting} objects that are whole with all before them, {@code end} where these end, {@code
     * behind} objects that lie behind damage. The host is empty when the header is lost. {@code fileBytes} is the length of a
     * closed file whose footer is whole, else 0. {@code writer} is there when the pack can be continued.
     */
    record Found(
            PackId id,
            String host,
            int start,
            int end,
            List<PackEntry> counting,
            List<PackEntry> behind,
            StoredPack.State state,
            long fileBytes,
            Optional<PackWriter> writer) {
        static Found of(PackTable table, List<PackEntry> behind, StoredPack.State state) {
            return new Found(
                    table.header().id(),
                    table.header().host(),
                    table.start(),
                    table.end(),
                    table.entries(),
                    behind,
                    state,
                    0,
                    Optional.empty());
        }

        /** A pack of whose header nothing is left. */
        static Found headless(PackId id, List<PackEntry> behind, StoredPack.State state) {
            return new Found(id, "", 0, 0, List.of(), behind, state, 0, Optional.empty());
        }

        /** A closed pack, by its footer. */
        static Found closed(PackTable table, long fileBytes) {
            return of(table, List.of(), StoredPack.State.CLOSED).with(fileBytes, Optional.empty());
        }

        /** A pack that goes on. */
        static Found open(PackTable table, PackWriter writer) {
            return of(table, List.of(), StoredPack.State.OPEN).with(0, Optional.of(writer));
        }

        private Found with(long newFileBytes, Optional<PackWriter> newWriter) {
            return new Found(id, host, start, end, counting, behind, state, newFileBytes, newWriter);
        }
    }

    /** A file that may hold a pack; at most its first {@code limit} bytes count, and if it is closed it has so many. */
    record Candidate(Path path, PackId id, StoredPack.State state, int limit, long fileBytes) {}

    /** What was wrong, for people. */
    List<Problem> findings() {
        return findings;
    }

    /** The files in the packs folder; leftovers of unfinished writes are deleted on the way. */
    List<Candidate> candidates() throws IOException {
        List<Candidate> all = new ArrayList<>();
        for (String name : disk.list(packs)) {
            Path folder = packs.resolve(name);
            List<String> files = disk.list(folder);
            if (!files.isEmpty()) {
                // a name may be known to the page cache only, left there by a process that was killed
                disk.syncDirectory(folder);
            }
            for (String file : files) {
                if (file.endsWith(AtomicFile.TEMPORARY)) {
                    disk.delete(folder.resolve(file));
                } else {
                    candidate(folder.resolve(file), file).ifPresent(all::add);
                }
            }
        }
        return all;
    }

    private Optional<Candidate> candidate(Path path, String file) throws IOException {
        String[] parts = file.split("\\.", -1);
        try {
            PackId id = PackId.ofHex(parts[0]);
            if (file.equals(PackWriter.closedName(id))) {
                return Optional.of(
                        new Candidate(path, id, StoredPack.State.CLOSED, Integer.MAX_VALUE, disk.size(path)));
            }
            if (file.equals(PackWriter.openName(id))) {
                return Optional.of(new Candidate(path, id, StoredPack.State.OPEN, Integer.MAX_VALUE, 0));
            }
            if (parts.length == 3 && file.endsWith(PackFormat.DAMAGED_SUFFIX)) {
                return Optional.of(new Candidate(path, id, StoredPack.State.DAMAGED, Integer.parseInt(parts[1]), 0));
            }
        } catch (IllegalArgumentException e) {
            // somebody else's file: none of ours has such a name
        }
        return Optional.empty();
    }

    /** Reads one pack; empty when it has nothing that can be used. */
    Optional<Found> load(Candidate candidate) throws IOException {
        Optional<ReadableFile> opened = open(candidate);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (ReadableFile file = opened.get()) {
            return load(candidate, file);
        }
    }

    /** A pack that cannot be opened must not keep the others from being served. */
    private Optional<ReadableFile> open(Candidate candidate) throws NoSuchFileException {
        try {
            return Optional.of(disk.open(candidate.path()));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            String found = "that it cannot be opened (" + e.getMessage() + ")";
            findings.add(new CorruptPackException(candidate.path(), 0, "a pack", found).problem());
            return Optional.empty();
        }
    }

    private Optional<Found> load(Candidate candidate, ReadableFile file) throws IOException {
        if (candidate.state() == StoredPack.State.CLOSED) {
            try {
                PackTable table = PackTable.read(file, candidate.path());
                return Optional.of(table)
                        .filter(read -> belongs(candidate, read.header()))
                        .map(read -> Found.closed(read, candidate.fileBytes()));
            } catch (CorruptPackException e) {
                findings.add(e.problem());
            }
        }
        PackScan scan = new PackScan(file);
        Optional<PackHeader> header = scan.header();
        return header.isPresent() ? loadWithHeader(candidate, header.get(), scan) : loadWithoutHeader(candidate, scan);
    }

    private boolean belongs(Candidate candidate, PackHeader header) {
        boolean belongs = header.id().equals(candidate.id()) && header.realm().equals(realm);
        if (!belongs) {
            findings.add(damage(candidate.path(), "the header of pack " + candidate.id() + " of this realm"));
        }
        return belongs;
    }

    private Optional<Found> loadWithHeader(Candidate candidate, PackHeader header, PackScan scan) throws IOException {
        if (!belongs(candidate, header)) {
            return Optional.empty();
        }
        PackTable table = scan.table(header, candidate.limit());
        PackScan.Remains behind = scan.behind(table.end());
        if (isLeftAlone(candidate, behind)) {
            findings.add(new DamagedPart(candidate.path(), header.host(), table.end(), behind).problem());
            return Optional.of(Found.of(table, behind.entries(), candidate.state()));
        }
        if (candidate.state() == StoredPack.State.DAMAGED || !behind.nothing()) {
            boolean named = setAside(candidate, header.host(), table.end(), behind);
            return named ? Optional.of(Found.of(table, behind.entries(), StoredPack.State.DAMAGED)) : Optional.empty();
        }
        if (candidate.state() == StoredPack.State.CLOSED) {
            return Optional.of(Found.of(table, List.of(), StoredPack.State.CLOSED));
        }
        PackWriter writer = PackWriter.resume(disk, packs.resolve(candidate.id().folder()), table);
        return Optional.of(Found.open(table, writer));
    }

    private Optional<Found> loadWithoutHeader(Candidate candidate, PackScan scan) throws IOException {
        if (scan.isForeign()) {
            findings.add(damage(candidate.path(), "a pack header of a known version"));
            return Optional.empty();
        }
        PackScan.Remains behind = scan.behind(0);
        if (isLeftAlone(candidate, behind)) {
            findings.add(new DamagedPart(candidate.path(), "", 0, behind).problem());
            return Optional.of(Found.headless(candidate.id(), behind.entries(), candidate.state()));
        }
        if (behind.nothing()) {
            if (candidate.state() == StoredPack.State.OPEN) {
                // a new pack whose header was never synced holds nothing that anybody was told about
                disk.delete(candidate.path());
            } else if (candidate.limit() > 0) {
                findings.add(damage(candidate.path(), "a pack header"));
            }
            return Optional.empty();
        }
        return setAside(candidate, "", 0, behind)
                ? Optional.of(Found.headless(candidate.id(), behind.entries(), StoredPack.State.DAMAGED))
                : Optional.empty();
    }

    private static boolean isLeftAlone(Candidate candidate, PackScan.Remains behind) {
        return !behind.isReadable() && candidate.state() != StoredPack.State.DAMAGED;
    }

    /** Gives the file the name that says how much of it counts; false when that name is taken. */
    private boolean setAside(Candidate candidate, String host, int end, PackScan.Remains behind) throws IOException {
        Path path = candidate.path().resolveSibling(PackWriter.damagedName(candidate.id(), end));
        if (!path.equals(candidate.path())) {
            if (disk.exists(path)) {
                findings.add(twice(candidate.id()));
                return false;
            }
            try (WritableFile file = disk.edit(candidate.path())) {
                // what counts may be known to the page cache only, left there by a process that was killed
                file.force();
            }
            // Not synced: should the new name be lost, the next start finds the same file and does the same.
            disk.rename(candidate.path(), path);
        }
        if (end < behind.size()) {
            findings.add(new DamagedPart(path, host, end, behind).problem());
        }
        return true;
    }

    static Problem twice(PackId id) {
        return Problem.of(
                ProblemCode.DAMAGE,
                "pack " + id + " lies in two files",
                "Move one of them away and start the server again.");
    }

    private static Problem damage(Path path, String expected) {
        return new CorruptPackException(path, 0, expected, "other bytes").problem();
    }
}
