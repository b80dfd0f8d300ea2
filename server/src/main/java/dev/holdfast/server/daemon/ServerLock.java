package dev.holdfast.server.daemon;

import dev.holdfast.core.daemon.ProcessLock;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;

/** Held from before a server opens its data until it has let go of it. */
public final class ServerLock {
    static final String FILE = "server.lock";

    private ServerLock() {}

    /** Throws {@code BUSY} when a server with this state folder runs. */
    static ProcessLock take(Path state) throws IOException {
        return ProcessLock.tryTake(state.resolve(FILE))
                .orElseThrow(() -> Problem.of(
                                ProblemCode.BUSY,
                                "the server of " + state + " is running already",
                                "`holdfast server status` shows it; `holdfast server stop` ends it.")
                        .asException());
    }

    /** Whether a server with this state folder runs, starts or is about to end. */
    public static boolean isHeld(Path state) throws IOException {
        return ProcessLock.isHeld(state.resolve(FILE));
    }
}
