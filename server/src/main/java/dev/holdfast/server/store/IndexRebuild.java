package dev.holdfast.server.store;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.pack.CorruptPackException;
import dev.holdfast.server.pack.PackHeader;
import dev.holdfast.server.pack.PackScan;
import dev.holdfast.server.pack.PackTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the table of a realm's objects from the objects themselves, believing no footer, and says where a footer tells otherwise.
 * Every byte is read and checked against its checksum. Nothing is changed: a pack whose footer is damaged is scanned again at each
 * start, and a footer is never trusted further than its own checksum.
 */
final class IndexRebuild {
    private final Disk disk;
    private final Path packs;
    private final String realm;
    private final List<Problem> findings = new ArrayList<>();
    private long objects;
    private long files;
    private long bytes;

    IndexRebuild(Disk disk, Path packs, String realm) {
        this.disk = disk;
        this.packs = packs;
        this.realm = realm;
    }

    RebuiltIndex run() throws IOException {
        PackLoader loader = new PackLoader(disk, packs, realm);
        for (PackLoader.Candidate candidate : loader.candidates()) {
            try (ReadableFile file = disk.open(candidate.path())) {
                scan(candidate, file);
            }
        }
        return new RebuiltIndex(realm, objects, files, bytes, findings);
    }

    private void scan(PackLoader.Candidate candidate, ReadableFile file) throws IOException {
        PackScan scan = new PackScan(file);
        Optional<PackHeader> header = scan.header();
        int whole = 0;
        int end = 0;
        if (header.isPresent()) {
            PackTable table = scan.table(header.get(), candidate.limit());
            whole = table.entries().size();
            end = table.end();
        } else {
            findings.add(new CorruptPackException(candidate.path(), 0, "a pack header", "other bytes").problem());
        }
        PackScan.Remains behind = scan.behind(end);
        whole += behind.entries().size();
        objects += whole;
        bytes += end;
        files++;
        boolean believed = candidate.state() == StoredPack.State.CLOSED && footerIsWhole(candidate, file, whole, end);
        boolean setAside = candidate.state() == StoredPack.State.DAMAGED && end < scan.size();
        if (!believed && (setAside || !behind.nothing())) {
            String host = header.map(PackHeader::host).orElse("");
            findings.add(new DamagedPart(candidate.path(), host, end, behind).problem());
        }
    }

    private boolean footerIsWhole(PackLoader.Candidate candidate, ReadableFile file, int whole, int end)
            throws IOException {
        try {
            int promised = PackTable.read(file, candidate.path()).entries().size();
            if (promised != whole) {
                findings.add(Problem.of(
                                ProblemCode.DAMAGE,
                                "pack " + candidate.path().getFileName() + " has " + whole
                                        + " whole objects, its footer names " + promised
                                        + "; the first damage is at offset " + end,
                                "Keep the file: what is whole can still be read. Back up the volumes of this host again to"
                                        + " replace what was lost.")
                        .with("file", candidate.path().toString()));
            }
            return true;
        } catch (CorruptPackException e) {
            findings.add(e.problem());
            return false;
        }
    }
}
