package dev.holdfast.agent.history;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Remembers the last snapshot record of each volume that a server showed, in a small text file, and notices when a server shows
 * another past than before: a rollback, a rewritten record or a fork. What does not fit is told as {@code DAMAGE} problems and the
 * memory is kept as it was, so that the warning comes again until somebody has looked into it.
 *
 * <p>The file is replaced as a whole, so it is never half written. Of two processes at once one may win: then a head is remembered
 * that is a little older, which is still part of the same history.
 */
public final class SeenHeads {
    private final Path file;
    private final String server;
    private final List<Head> heads;

    private SeenHeads(Path file, String server, List<Head> heads) {
        this.file = file;
        this.server = server;
        this.heads = heads;
    }

    /** What {@code file} says of {@code server}; a file that is not there remembers nothing. */
    public static SeenHeads open(Path file, String server) throws IOException {
        List<Head> heads = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                Head.ofLine(line).ifPresent(heads::add);
            }
        } catch (NoSuchFileException e) {
            // The first time on this machine.
        }
        return new SeenHeads(file, server, heads);
    }

    /**
     * Compares a listing with what was seen before, then remembers it.
     *
     * @param host the listing is of this host alone; empty for all
     * @param volume the listing is of this volume alone; empty for all
     * @param readable asked with host and volume whether this machine may still read what is no longer listed
     * @return what does not fit, as problems for a person; empty when all is well
     */
    public List<Problem> listed(
            List<SnapshotRecord> records, String host, String volume, BiPredicate<String, String> readable)
            throws IOException {
        List<Problem> problems = new ArrayList<>();
        Map<String, List<SnapshotRecord>> chains = new HashMap<>();
        for (SnapshotRecord record : records) {
            chains.computeIfAbsent(record.host(), key -> new ArrayList<>()).add(record);
        }
        for (List<SnapshotRecord> chain : chains.values()) {
            chain.sort(Comparator.comparingLong(SnapshotRecord::sequence));
            checkLinks(chain, problems);
        }
        for (Head head : heads) {
            boolean covered = head.server().equals(server)
                    && (host.isEmpty() || host.equals(head.host()))
                    && (volume.isEmpty() || volume.equals(head.volume()));
            if (covered) {
                checkHead(head, chains.getOrDefault(head.host(), List.of()), readable, problems);
            }
        }
        if (problems.isEmpty()) {
            remember(records);
        }
        return problems;
    }

    /** Compares the record of a backup that was just taken in with what was seen before, then remembers it. */
    public List<Problem> committed(SnapshotRecord record) throws IOException {
        List<Problem> problems = new ArrayList<>();
        for (Head head : heads) {
            if (head.server().equals(server) && head.host().equals(record.host())) {
                boolean next = record.sequence() == head.sequence() + 1;
                if (record.sequence() <= head.sequence() && !record.hash().equals(head.hash())) {
                    problems.add(rolledBack(head));
                } else if (next && !record.previous().equals(head.hash())) {
                    problems.add(rewritten(head));
                }
            }
        }
        if (problems.isEmpty()) {
            remember(List.of(record));
        }
        return problems;
    }

    private void checkLinks(List<SnapshotRecord> chain, List<Problem> problems) {
        for (int i = 1; i < chain.size(); i++) {
            SnapshotRecord before = chain.get(i - 1);
            SnapshotRecord record = chain.get(i);
            boolean next = record.sequence() == before.sequence() + 1;
            boolean fits = next
                    ? record.follows(before)
                    : record.sequence() > before.sequence()
                            && record.received().isAfter(before.received())
                            && record.repository().equals(before.repository());
            if (!fits) {
                problems.add(problem(
                        "snapshots " + before.hash().brief() + " and "
                                + record.hash().brief() + " of host '" + record.host()
                                + "' do not follow each other on server '" + server + "'",
                        record.hash()));
            }
        }
    }

    private void checkHead(
            Head head, List<SnapshotRecord> chain, BiPredicate<String, String> readable, List<Problem> problems) {
        boolean anyOfVolume = false;
        for (SnapshotRecord record : chain) {
            if (record.hash().equals(head.hash())) {
                return;
            }
            if (record.sequence() == head.sequence()) {
                problems.add(rewritten(head));
                return;
            }
            anyOfVolume |= record.volume().equals(head.volume());
        }
        if (anyOfVolume || readable.test(head.host(), head.volume())) {
            problems.add(rolledBack(head));
        }
    }

    private Problem rolledBack(Head head) {
        return problem(
                "server '" + server + "' no longer has snapshot " + head.hash().brief() + " of " + head.host() + "/"
                        + head.volume() + ", which this machine has seen: its history was rolled back",
                head.hash());
    }

    private Problem rewritten(Head head) {
        return problem(
                "server '" + server + "' has another record in place of snapshot "
                        + head.hash().brief() + " of " + head.host() + "/" + head.volume()
                        + ", which this machine has seen: its history was rewritten",
                head.hash());
    }

    private Problem problem(String message, RecordHash hash) {
        return Problem.of(
                        ProblemCode.DAMAGE,
                        message,
                        "Find out what happened to the server before relying on it. If it was put back from an older copy on"
                                + " purpose, remove " + file + " and this machine starts to remember anew.")
                .with("server", server)
                .with("snapshot", hash.hex());
    }

    private void remember(List<SnapshotRecord> records) throws IOException {
        boolean changed = false;
        for (SnapshotRecord record : records) {
            int known = indexOf(record);
            if (known < 0) {
                heads.add(Head.of(server, record));
                changed = true;
            } else if (heads.get(known).sequence() < record.sequence()) {
                heads.set(known, Head.of(server, record));
                changed = true;
            }
        }
        if (changed) {
            write();
        }
    }

    private int indexOf(SnapshotRecord record) {
        for (int i = 0; i < heads.size(); i++) {
            if (heads.get(i).isOf(server, record)) {
                return i;
            }
        }
        return -1;
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder();
        heads.forEach(head -> text.append(head.toLine()).append('\n'));
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("no folder holds " + file);
        }
        Path temporary = Files.createTempFile(folder, ".heads.", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            replace(temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void replace(Path temporary) throws IOException {
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
