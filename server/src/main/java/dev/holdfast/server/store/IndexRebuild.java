package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.pack.CorruptPackException;
import dev.holdfast.server.pack.PackEntry;
import dev.holdfast.server.pack.PackHeader;
import dev.holdfast.server.pack.PackScan;
import dev.holdfast.server.pack.PackTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Throws the index of a realm away and makes it anew. On the way every byte of every pack is read and checked against its checksum,
 * and held against the pack's footer; what a closed pack has lost is remembered as {@link Damage}. The packs themselves are not changed: one whose footer is damaged is scanned again at each
 * start.
 */
final class IndexRebuild {
    private final Repository repository;
    private final Path directory;
    private final String realm;
    private final PackLoader loader;
    private final PackRegistry registry = new PackRegistry();
    private final List<Problem> findings = new ArrayList<>();
    private final List<DoubtfulMarks.Mark> damaged = new ArrayList<>();
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
        DoubtfulMarks.replace(repository.disk(), directory, damaged);
        findings.addAll(loader.findings());
        return new RebuiltIndex(realm, objects, files, bytes, findings);
    }

    private void scan(PackLoader.Candidate candidate, ReadableFile file, RealmIndex index) throws IOException {
        PackScan scan = new PackScan(file);
        Optional<PackHeader> header = scan.header();
        List<PackEntry> whole = new ArrayList<>();
        int end = 0;
        if (header.isPresent()) {
            PackTable table = scan.table(header.get(), candidate.limit());
            whole.addAll(table.entries());
            end = table.end();
        } else {
            findings.add(new CorruptPackException(candidate.path(), 0, "a pack header", "other bytes").problem());
        }
        PackScan.Remains behind = scan.behind(end);
        whole.addAll(behind.entries());
        objects += whole.size();
        files++;
        boolean believed = candidate.state() == StoredPack.State.CLOSED && footerIsWhole(candidate, file, whole, end);
        boolean setAside = candidate.state() == StoredPack.State.DAMAGED && end < scan.size();
        if (believed) {
            Optional<PackLoader.Found> loaded = loader.load(candidate);
            bytes += loaded.map(PackLoader.Found::end).orElse(end);
            loaded.filter(found -> registry.find(found.id()).isEmpty())
                    .ifPresent(found -> index.takeIn(
                            registry.add(found.id(), found.host(), found.start(), found.state(), found.end()), found));
            if (index.isDue()) {
                index.write();
            }
        } else {
            bytes += setAside || !behind.nothing() ? scan.size() : end; // as it counts once it is set aside
        }
        if (!believed && (setAside || !behind.nothing())) {
            String host = header.map(PackHeader::host).orElse("");
            findings.add(new DamagedPart(candidate.path(), host, end, behind).problem());
        }
    }

    private boolean footerIsWhole(PackLoader.Candidate candidate, ReadableFile file, List<PackEntry> whole, int end)
            throws IOException {
        try {
            List<PackEntry> promised = PackTable.read(file, candidate.path()).entries();
            List<PackEntry> lost = new ArrayList<>(promised);
            lost.removeAll(new HashSet<>(whole));
            lost.forEach(entry -> damaged.add(
                    new DoubtfulMarks.Mark(candidate.id(), entry.offset(), entry.kind() == ObjectKind.SLOT)));
            if (!lost.isEmpty()) {
                findings.add(Problem.of(
                                ProblemCode.DAMAGE,
                                "pack " + candidate.path().getFileName() + " has "
                                        + (promised.size() - lost.size()) + " whole objects, its footer names "
                                        + promised.size()
                                        + "; the first damage is at offset " + end,
                                CorruptPackException.HINT)
                        .with("file", candidate.path().toString()));
            }
            return true;
        } catch (CorruptPackException e) {
            findings.add(e.problem());
            return false;
        }
    }
}
