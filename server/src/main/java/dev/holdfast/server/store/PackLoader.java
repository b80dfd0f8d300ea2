package dev.holdfast.server.store;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.pack.CorruptPackException;
import dev.holdfast.server.pack.PackFormat;
import dev.holdfast.server.pack.PackHeader;
import dev.holdfast.server.pack.PackId;
import dev.holdfast.server.pack.PackScan;
import dev.holdfast.server.pack.PackTable;
import dev.holdfast.server.pack.PackWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a realm's packs folder at start. A closed pack is believed by its footer, and scanned when that is damaged. An open one
 * is scanned and cut after its last whole object; if whole objects lie beyond the cut, the cut part is kept in a {@code .tail}
 * file, for it may be damage rather than a torn write. A pack set aside is read as far as its name says.
 */
final class PackLoader {
    private static final int COPY_BYTES = 1 << 20;

    private final Disk disk;
    private final Path packs;
    private final String realm;
    private final List<Problem> findings = new ArrayList<>();

    PackLoader(Disk disk, Path packs, String realm) {
        this.disk = disk;
        this.packs = packs;
        this.realm = realm;
    }

    /** A pack as it was found; {@code writer} is there when it can be continued. */
    record Found(PackTable table, StoredPack.State state, Optional<PackWriter> writer) {}

    /** A file that may hold a pack. */
    record Candidate(Path path, PackId id, StoredPack.State state, int limit) {}

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

    private static Optional<Candidate> candidate(Path path, String file) {
        String[] parts = file.split("\\.", -1);
        try {
            PackId id = PackId.ofHex(parts[0]);
            if (file.equals(PackWriter.closedName(id))) {
                return Optional.of(new Candidate(path, id, StoredPack.State.CLOSED, Integer.MAX_VALUE));
            }
            if (file.equals(PackWriter.openName(id))) {
                return Optional.of(new Candidate(path, id, StoredPack.State.OPEN, Integer.MAX_VALUE));
            }
            if (parts.length == 3 && file.endsWith(PackFormat.DAMAGED_SUFFIX)) {
                return Optional.of(new Candidate(path, id, StoredPack.State.DAMAGED, Integer.parseInt(parts[1])));
            }
        } catch (IllegalArgumentException e) {
            // somebody else's file: none of ours has such a name
        }
        return Optional.empty();
    }

    /** Reads one pack; empty when it has nothing that can be used. */
    Optional<Found> load(Candidate candidate) throws IOException {
        return candidate.state() == StoredPack.State.OPEN ? recover(candidate) : readTable(candidate);
    }

    private Optional<Found> readTable(Candidate candidate) throws IOException {
        try (ReadableFile file = disk.open(candidate.path())) {
            if (candidate.state() == StoredPack.State.CLOSED) {
                try {
                    return accept(candidate, PackTable.read(file, candidate.path()));
                } catch (CorruptPackException e) {
                    findings.add(e.problem());
                }
            }
            PackScan scan = new PackScan(file, candidate.limit());
            Optional<PackHeader> header = scan.header();
            if (header.isEmpty()) {
                if (candidate.limit() > 0) {
                    findings.add(damage(candidate.path(), 0, "a pack header"));
                }
                return Optional.empty();
            }
            return accept(candidate, scan.table(header.get()));
        }
    }

    private Optional<Found> accept(Candidate candidate, PackTable table) {
        PackHeader header = table.header();
        if (!header.id().equals(candidate.id()) || !header.realm().equals(realm)) {
            findings.add(damage(candidate.path(), 0, "the header of pack " + candidate.id() + " of this realm"));
            return Optional.empty();
        }
        return Optional.of(new Found(table, candidate.state(), Optional.empty()));
    }

    private Optional<Found> recover(Candidate candidate) throws IOException {
        Path path = candidate.path();
        PackTable table;
        try (ReadableFile file = disk.open(path)) {
            PackScan scan = new PackScan(file, candidate.limit());
            Optional<PackHeader> header = scan.header();
            if (header.isEmpty()) {
                forgetEmpty(path, scan);
                return Optional.empty();
            }
            table = scan.table(header.get());
            if (accept(candidate, table).isEmpty()) {
                return Optional.empty();
            }
            if (scan.objectFollows(table.end() + 1)) {
                findings.add(damage(path, table.end(), "an object"));
                keepTail(path, file, table.end());
            }
        }
        PackWriter writer = PackWriter.resume(disk, packs.resolve(candidate.id().folder()), table);
        return Optional.of(new Found(table, StoredPack.State.OPEN, Optional.of(writer)));
    }

    /** A new pack whose header was never synced holds nothing that anybody was told about. */
    private void forgetEmpty(Path path, PackScan scan) throws IOException {
        if (scan.objectFollows(0)) {
            findings.add(damage(path, 0, "a pack header"));
        } else {
            disk.delete(path);
        }
    }

    private void keepTail(Path path, ReadableFile file, int from) throws IOException {
        String name =
                path.getFileName().toString().replace(PackFormat.OPEN_SUFFIX, "." + from + PackFormat.TAIL_SUFFIX);
        AtomicFile.write(disk, path.resolveSibling(name), copy -> {
            byte[] piece = new byte[COPY_BYTES];
            long at = from;
            for (int count = file.readFully(piece, at); count > 0; count = file.readFully(piece, at)) {
                copy.write(ByteBuffer.wrap(piece, 0, count), at - from);
                at += count;
            }
        });
    }

    private static Problem damage(Path path, long offset, String expected) {
        return new CorruptPackException(path, offset, expected, "other bytes").problem();
    }
}
