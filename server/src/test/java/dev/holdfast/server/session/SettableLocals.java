package dev.holdfast.server.session;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Every volume but {@code gone} lies on server {@code annex}; their snapshots come when a test says so. */
final class SettableLocals implements LocalSnapshots {
    /** What one wait after the other brings; after the last a failure. */
    final Queue<Optional<SnapshotRecord>> waits = new ArrayDeque<>();

    final List<String> taken = new ArrayList<>();

    @Override
    public String host() {
        return "annex";
    }

    @Override
    public String find(String volume) {
        if (!volume.equals("gone")) {
            return "/srv/" + volume;
        }
        throw Problem.of(ProblemCode.NOT_FOUND, "volume '" + volume + "' is nowhere on server 'annex'", "")
                .asException();
    }

    @Override
    public Taking take(String volume) {
        taken.add(volume);
        return new Taking() {
            @Override
            public Optional<SnapshotRecord> await(Duration atMost) throws HoldfastException {
                return Optional.ofNullable(waits.poll())
                        .orElseThrow(() -> Problem.of(ProblemCode.BUSY, "the server is stopping", "")
                                .asException());
            }

            @Override
            public Progress progress() {
                return new Progress(waits.size(), 10, 20, 30);
            }
        };
    }
}
