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
            scan(candidate);
        }
        return new RebuiltIndex(realm, objects, files, bytes, findings);
    }

    private void scan(PackLoader.Candidate candidate) throws IOException {
        try (ReadableFile file = disk.open(candidate.path())) {
            PackScan scan = new PackScan(file, candidate.limit());
            Optional<PackHeader> header = scan.header();
            if (header.isEmpty()) {
                findings.add(new CorruptPackException(candidate.path(), 0, "a pack header", "other bytes").problem());
                return;
            }
            PackTable found = scan.table(header.get());
            objects += found.entries().size();
            bytes += found.end();
            files++;
            if (candidate.state() == StoredPack.State.CLOSED) {
                compare(candidate, found, file);
            }
        }
    }

    private void compare(PackLoader.Candidate candidate, PackTable found, ReadableFile file) throws IOException {
        try {
            PackTable footer = PackTable.read(file, candidate.path());
            int promised = footer.entries().size();
            if (promised != found.entries().size()) {
                findings.add(Problem.of(
                                ProblemCode.DAMAGE,
                                "pack " + candidate.path().getFileName() + " has "
                                        + found.entries().size() + " whole objects up to offset " + found.end()
                                        + ", its footer names " + promised,
                                "Keep the file: what follows the damage can still be read by the footer. Back up the volumes of"
                                        + " this host again to replace what was lost.")
                        .with("file", candidate.path().toString()));
            }
        } catch (CorruptPackException e) {
            findings.add(e.problem());
        }
    }
}
