package dev.holdfast.agent.schedule;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** Backups that somebody wants now, in the order in which they were asked for, and the one that is under way. */
final class Demands {
    private static final int MOST = 16;

    private final Queue<Demand> waiting = new ArrayDeque<>();
    private Optional<Demand> current = Optional.empty();

    synchronized void add(Demand demand) {
        if (waiting.size() >= MOST) {
            throw Problem.of(
                            ProblemCode.BUSY,
                            "there are " + MOST + " backups waiting on this host already",
                            "Try again when some of them are done.")
                    .asException();
        }
        waiting.add(demand);
    }

    /** The one to be carried out now. */
    synchronized Optional<Demand> next() {
        current = Optional.ofNullable(waiting.poll());
        return current;
    }

    synchronized void ended(Demand demand) {
        current = current.filter(one -> !one.equals(demand));
    }

    synchronized boolean isCurrent(Demand demand) {
        return current.filter(demand::equals).isPresent();
    }

    /** Whether it was still waiting. */
    synchronized boolean remove(Demand demand) {
        return waiting.remove(demand);
    }
}
