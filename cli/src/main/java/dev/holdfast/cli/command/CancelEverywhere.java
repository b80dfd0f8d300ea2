package dev.holdfast.cli.command;

import dev.holdfast.core.config.Server;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A cancellation for which nobody has named a server: each is asked, since only that one through which an order or a scheduled backup
 * goes can stop it. A host need not keep a connection to all of them; that it has none to one means that nothing goes that way.
 */
final class CancelEverywhere {
    private final Function<Server, OrderEnd> ask;
    private final List<Problem> unasked = new ArrayList<>();
    private final List<Problem> nothing = new ArrayList<>();
    private final List<Problem> grave = new ArrayList<>();
    private boolean stopped;

    /** @param ask throws when the server cannot be asked */
    CancelEverywhere(Function<Server, OrderEnd> ask) {
        this.ask = ask;
    }

    /**
     * Asks them all.
     *
     * @param done is told of what was stopped
     * @param alarm is told of servers that could not be asked, when something was stopped all the same
     * @return why nothing was, or not everything
     */
    Optional<Problem> through(List<Server> servers, Consumer<Problem> alarm, Done done) {
        for (Server server : servers) {
            try {
                OrderEnd end = ask.apply(server);
                end.problem().ifPresentOrElse(this::refused, () -> {
                    stopped = true;
                    done.stopped(server, end);
                });
            } catch (HoldfastException e) {
                unasked.add(e.problem());
            }
        }
        if (stopped || !grave.isEmpty()) {
            unasked.forEach(alarm);
            return grave.stream().findFirst();
        }
        return unasked.isEmpty() ? Optional.of(nothingToStop()) : Optional.of(Problem.together(unasked));
    }

    /** What was stopped through a server. */
    interface Done {
        void stopped(Server server, OrderEnd end);
    }

    private void refused(Problem why) {
        boolean none = why.code() == ProblemCode.NOT_FOUND || why.code() == ProblemCode.UNREACHABLE;
        (none ? nothing : grave).add(why);
    }

    private Problem nothingToStop() {
        return nothing.stream()
                .filter(why -> why.code() == ProblemCode.NOT_FOUND)
                .findFirst()
                .orElse(nothing.get(0));
    }
}
