package dev.holdfast.agent.fleet;

import dev.holdfast.agent.schedule.ResidentAgent;
import dev.holdfast.agent.schedule.RunRecord;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Stops what goes on with a volume: orders that came through the same server, and the backup to it which the schedule has begun. What
 * somebody typed on this host is theirs to stop.
 */
final class Canceller {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ResidentAgent agent;
    private final OpenOrders open;

    Canceller(ResidentAgent agent, OpenOrders open) {
        this.agent = agent;
        this.open = open;
    }

    /** Something that was asked to stop; the future says whether it did so before it was done. */
    private record Asked(String what, CompletableFuture<Boolean> stopped) {}

    /** Stops it all, and waits a while for the end of it. */
    OrderEnd carryOut(String server, Order order) throws InterruptedException {
        List<Asked> asked = ask(server, order);
        if (asked.isEmpty()) {
            return OrderEnd.refused(
                    order.id(),
                    Problem.of(
                            ProblemCode.NOT_FOUND,
                            "nothing that the schedule of host '" + order.host() + "' began or somebody ordered through"
                                    + " server '" + server + "' is under way with volume '" + order.volume() + "'",
                            "`holdfast status " + order.host()
                                    + "` shows what its agent does; what was typed there is stopped there."));
        }
        long until = System.nanoTime() + PATIENCE.toNanos();
        List<String> lines = new ArrayList<>();
        boolean all = true;
        for (Asked one : asked) {
            Optional<Boolean> stopped = await(one, until);
            all &= stopped.isPresent();
            lines.add(one.what
                    + stopped.map(was -> was ? " is cancelled" : " had ended before it could be stopped")
                            .orElse(" is asked to stop, and has not ended yet"));
        }
        Optional<Problem> problem = all
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ProblemCode.BUSY,
                        "not everything has ended on host '" + order.host() + "' within " + PATIENCE.toSeconds() + " s",
                        "It ends by itself; `holdfast status " + order.host() + "` shows when it has."));
        return new OrderEnd(order.id(), problem, RunReport.Made.NOTHING, String.join("\n", lines));
    }

    private List<Asked> ask(String server, Order order) {
        List<Asked> asked = new ArrayList<>();
        for (OpenOrders.Open one : open.all()) {
            if (one.server().equals(server) && one.concerns(order.volume())) {
                asked.add(new Asked(
                        "the " + one.order().kind().word() + " of '"
                                + one.order().volume() + "' that '"
                                + one.order().by() + "' ordered",
                        one.end().thenApply(Canceller::isCancelled)));
                one.watcher().notice("cancelled by '" + order.by() + "'");
                one.cancellation().run();
            }
        }
        agent.cancelScheduled(server, order.volume())
                .map(end -> end.thenApply(run -> run.result() == RunRecord.Result.CANCELLED))
                .ifPresent(end -> asked.add(new Asked("the scheduled backup of '" + order.volume() + "'", end)));
        return asked;
    }

    private static boolean isCancelled(OrderEnd end) {
        return end.problem().filter(why -> why.code() == ProblemCode.CANCELLED).isPresent();
    }

    private static Optional<Boolean> await(Asked one, long until) throws InterruptedException {
        try {
            return Optional.of(one.stopped.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end cannot fail", e);
        }
    }
}
