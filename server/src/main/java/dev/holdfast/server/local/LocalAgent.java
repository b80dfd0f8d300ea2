package dev.holdfast.server.local;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.ByteLink;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The agent of the server's machine. Failures are {@code HoldfastException}s, for whoever asked. */
public interface LocalAgent {
    /** Where the volume lies, in words; {@code NOT_FOUND} when it is not there. */
    String find(String volume);

    /**
     * Backs the volume up as it is now.
     *
     * @param connect connections to the server, as the server itself; the agent closes them
     */
    SnapshotRecord backUp(String volume, Supplier<ByteLink> connect, Progress progress, BooleanSupplier cancelled);

    /** For a server that is started without one. */
    LocalAgent NONE = new LocalAgent() {
        @Override
        public String find(String volume) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "this server has no agent for volume '" + volume + "'",
                            "Start it with `holdfast server start`.")
                    .asException();
        }

        @Override
        public SnapshotRecord backUp(
                String volume, Supplier<ByteLink> connect, Progress progress, BooleanSupplier cancelled) {
            throw new IllegalStateException(find(volume));
        }
    };
}
