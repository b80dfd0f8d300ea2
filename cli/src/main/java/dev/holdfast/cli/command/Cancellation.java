package dev.holdfast.cli.command;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Set when the person presses Ctrl-C or the system asks the process to end. A command that moves data registers how its run is
 * stopped; after that it has a few seconds to leave everything in order.
 */
public final class Cancellation {
    private static final int TERMINATED = 128 + 15;

    private final List<Runnable> actions = new ArrayList<>();
    private Runnable onFirstAction = () -> {};
    private boolean requested;
    private boolean terminated;

    public synchronized boolean isRequested() {
        return requested;
    }

    /** Throws {@code CANCELLED} when the person wants the command to end. */
    public void check() {
        if (isRequested()) {
            throw Problem.of(ProblemCode.CANCELLED, "cancelled", "").asException();
        }
    }

    /** Runs the action when cancellation is requested, at once if it already was. */
    public void onRequest(Runnable action) {
        Runnable first;
        synchronized (this) {
            first = onFirstAction;
            onFirstAction = () -> {};
        }
        first.run();
        synchronized (this) {
            if (!requested) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Does this once, as soon as there is something that could be cancelled. */
    public synchronized void onFirstAction(Runnable preparation) {
        onFirstAction = preparation;
    }

    /** It is the system that asks, by SIGTERM. */
    public synchronized void byTermination() {
        terminated = true;
    }

    /** With what a cancelled command ends: as shells count, 128 and the number of the signal. */
    public synchronized int exitCode() {
        return terminated ? TERMINATED : ProblemCode.CANCELLED.exitCode();
    }

    /** Asks the command to stop; further calls do nothing. The answer is whether there is anybody to stop. */
    public boolean request() {
        List<Runnable> due;
        synchronized (this) {
            requested = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
        return !due.isEmpty();
    }
}
