package dev.holdfast.server.store;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
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
 * Throws the index of a realm away and makes it anew. On the way every byte of every pack is read and checked against its checksum,
 * and held against the pack's footer. The packs themselves are not changed: one whose footer is damaged is scanned again at each
 * start.
 */
final class IndexRebuild {
    private final Repository repository;
    private final Path directory;
    private final String realm;
    private final PackLoader loader;
    private final PackRegistry registry = new PackRegistry();
    private final List<Problem> findings = new ArrayList<>();
    private long objects;
    private long files;
    private long bytes;

    IndexRebuild(Repository repository, Path directory) {
        this.repository = repository;
        this.directory = directory;
        this.realm = String.valueOf(directory.getFileName());
        this.loader = new PackLoader(repository.disk(), directory.resolve("packs"), realm);
    }

    RebuiltIndex run() throws IOException {
        RealmIndex.discard(repository.disk(), directory);
        try (RealmIndex index = new RealmIndex(repository, directory, registry, findings::add)) {
            for (PackLoader.Candidate candidate : index.believe(loader.candidates())) {
                try (ReadableFile file = repository.disk().open(candidate.path())) {
                    scan(candidate, file, index);
                }
            }
            index.write();
            index.merge();
        }
        findings.addAll(loader.findings());
        return new RebuiltIndex(realm, objects, files, bytes, findings);
    }

    private void scan(PackLoader.Candidate candidate, ReadableFile file, RealmIndex index) throws IOException {
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
        if (believed) {
            loader.load(candidate)
                    .filter(found -> registry.find(found.id()).isEmpty())
                    .ifPresent(found -> index.takeIn(
                            registry.add(found.id(), found.host(), found.start(), found.state(), found.end()), found));
            if (index.isDue()) {
                index.write();
            }
        }
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
