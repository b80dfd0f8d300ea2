package dev.holdfast.agent.fleet;

import dev.holdfast.agent.schedule.Demand;
import dev.holdfast.agent.schedule.ResidentAgent;
import dev.holdfast.agent.schedule.RunRecord;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.HostConfiguration;
import dev.holdfast.core.config.RemoteWork;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders that come from servers. They are carried out only as far as this host's own configuration goes: {@code remote} says whether at
 * all, a backup must be one that the host makes anyway, and a restore one that it was granted, into a volume of this host: one that the
 * configuration names, or another that whoever types the same here could restore into. Nothing else that an order says has any effect, so a server that was taken over can make work, and where {@code remote:
 * restore} stands it can bring back older files, but it gains no access to anything.
 */
final class OrderDesk {
    private static final Logger log = LoggerFactory.getLogger(OrderDesk.class);

    private final String host;
    private final ResidentAgent agent;
    private final RestoreWork restores;
    private final OpenOrders open;

    OrderDesk(String host, ResidentAgent agent, RestoreWork restores) {
        this.host = host;
        this.agent = agent;
        this.restores = restores;
        this.open = new OpenOrders(host);
    }

    /** Begins what is ordered, or says why not. */
    void take(Configuration configuration, String server, Order order, Outbox answers) {
        try {
            require(configuration, server, order);
            log.info(
                    "{} of '{}' is ordered by '{}' through server '{}'",
                    order.kind().word(),
                    order.volume(),
                    order.by(),
                    server);
            switch (order.kind()) {
                case BACKUP -> backUp(server, order, answers);
                case RESTORE, PLAN -> restore(configuration, server, order, answers);
                case CANCEL -> cancelWork(server, order, answers);
            }
        } catch (HoldfastException e) {
            log.warn("an order of '{}' through server '{}' is refused: {}", order.by(), server, e.getMessage());
            answers.ended(OrderEnd.refused(order.id(), here(e.problem())));
        }
    }

    /** Whoever reads it sits at another machine, whose files and commands are not meant. */
    private Problem here(Problem problem) {
        boolean said = problem.hint().isEmpty() || problem.hint().contains("ost '" + host + "'");
        return said
                ? problem
                : Problem.of(problem.code(), problem.message(), "On host '" + host + "': " + problem.hint());
    }

    private void require(Configuration configuration, String server, Order order) {
        HostConfiguration own = configuration.forHost(host);
        RemoteWork allowed = own.remote().value();
        boolean restores = order.kind() == Order.Kind.RESTORE || order.kind() == Order.Kind.PLAN;
        RemoteWork needed = restores ? RemoteWork.RESTORE : RemoteWork.BACKUP;
        if (allowed.compareTo(needed) < 0 || !order.host().equals(host)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' takes no orders for a " + needed.word() + " from its servers",
                            "Its own configuration decides: on host '" + host + "', `remote: " + needed.word()
                                    + "` of client '" + host + "' in " + configuration.file() + " allows it.")
                    .asException();
        }
        switch (order.kind()) {
            case BACKUP -> own.backedUp(order.volume());
            case RESTORE, PLAN -> requireRestore(configuration, server, order);
            case CANCEL -> {
                return;
            }
        }
        open.requireRoom(order.id());
    }

    private void requireRestore(Configuration configuration, String server, Order order) {
        String source = order.what().source().isEmpty() ? host : order.what().source();
        String target = order.what().toVolume().isEmpty()
                ? order.volume()
                : order.what().toVolume();
        if (!Configuration.isName(target)) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "'" + target + "' can be the name of no volume",
                            "Name a volume of host '" + host + "', or one to be made there.")
                    .asException();
        }
        if (!configuration.mayRestore(host, source, order.volume())) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' may not read volume '" + order.volume() + "' of host '" + source + "'",
                            "In " + configuration.file() + " on host '" + host
                                    + "' and in the configuration of server '"
                                    + server + "', add '" + source + "/" + order.volume()
                                    + "' to the `restore` list of client '" + host + "'.")
                    .asException();
        }
    }

    private void backUp(String server, Order order, Outbox answers) {
        OrderWatcher watcher = new OrderWatcher(order.id(), answers::advanced, System::nanoTime);
        Demand demand =
                new Demand(server, order.volume(), order.by(), watcher, run -> done(endOf(order, run), answers));
        open.add(new OpenOrders.Open(order, server, watcher, () -> agent.cancel(demand)));
        try {
            Optional<String> before = agent.underWay();
            agent.demand(demand);
            before.ifPresent(other -> watcher.notice("waits for " + other));
        } catch (HoldfastException e) {
            open.ended(OrderEnd.refused(order.id(), e.problem()));
            throw e;
        }
    }

    private OrderEnd endOf(Order order, RunRecord run) {
        RunReport.Made made = run.achievement().map(Announcements::made).orElse(RunReport.Made.NOTHING);
        Optional<Problem> problem = run.failure()
                .map(why -> here(Problem.of(code(why.code()), why.message(), why.hint())))
                .or(() -> made.unreadable() == 0
                        ? Optional.empty()
                        : Optional.of(Problem.of(
                                ProblemCode.PARTIAL,
                                "the snapshot of volume '" + order.volume() + "' lacks " + made.unreadable()
                                        + " files that could not be read",
                                "`holdfast backup " + order.volume() + "` on '" + order.host() + "' lists them.")));
        return new OrderEnd(order.id(), problem, made, "");
    }

    private static ProblemCode code(String label) {
        for (ProblemCode code : ProblemCode.values()) {
            if (code.label().equals(label)) {
                return code;
            }
        }
        return ProblemCode.FAILED;
    }

    private void restore(Configuration configuration, String server, Order order, Outbox answers) {
        OrderWatcher watcher = new OrderWatcher(order.id(), answers::advanced, System::nanoTime);
        Cancelling cancelling = new Cancelling();
        open.add(new OpenOrders.Open(order, server, watcher, cancelling::cancel));
        inThreadOf(order, () -> done(restored(configuration, server, order, watcher, cancelling), answers));
    }

    private static void inThreadOf(Order order, Runnable work) {
        Thread worker = new Thread(work, "holdfast-order-" + order.id());
        worker.setDaemon(true);
        worker.start();
    }

    private void cancelWork(String server, Order order, Outbox answers) {
        Canceller canceller = new Canceller(agent, open);
        inThreadOf(order, () -> {
            try {
                answers.ended(canceller.carryOut(server, order));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** A wish to end, whichever comes first: the wish or somebody who can fulfil it. */
    private static final class Cancelling {
        private Optional<Runnable> action = Optional.empty();
        private boolean wished;

        synchronized void by(Runnable cancellation) {
            action = Optional.of(cancellation);
            if (wished) {
                cancellation.run();
            }
        }

        synchronized void cancel() {
            wished = true;
            action.ifPresent(Runnable::run);
        }
    }

    private OrderEnd restored(
            Configuration configuration, String server, Order order, OrderWatcher watcher, Cancelling cancelling) {
        try {
            return restores.restore(configuration, server, order, watcher, cancelling::by);
        } catch (HoldfastException e) {
            return OrderEnd.refused(order.id(), here(e.problem()));
        } catch (RuntimeException e) {
            log.error("a fault in Holdfast; please report it to the project", e);
            return OrderEnd.refused(
                    order.id(),
                    Problem.of(ProblemCode.BUG, "unexpected " + e, "See the log of the agent, and report it."));
        }
    }

    private void done(OrderEnd end, Outbox answers) {
        open.ended(end);
        answers.ended(end);
    }

    /** The agent is ending. */
    void cancelAll() {
        open.all().forEach(one -> one.cancellation().run());
    }

    /** Nothing happens for what has ended, or never was. */
    void cancel(UUID order) {
        open.find(order).ifPresent(one -> one.cancellation().run());
    }
}
