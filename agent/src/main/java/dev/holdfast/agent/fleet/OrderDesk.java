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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders that come from servers. They are carried out only as far as this host's own configuration goes: {@code remote} says whether at
 * all, a backup must be one that the host makes anyway, and a restore one that it was granted, into a volume that the configuration
 * names. Nothing else that an order says has any effect, so a server that was taken over can make work, and where {@code remote:
 * restore} stands it can bring back older files, but it gains no access to anything.
 */
final class OrderDesk {
    private static final Logger log = LoggerFactory.getLogger(OrderDesk.class);
    private static final int MOST = 4;

    private final String host;
    private final ResidentAgent agent;
    private final RestoreWork restores;
    private final Map<UUID, Runnable> cancellations = new HashMap<>();

    OrderDesk(String host, ResidentAgent agent, RestoreWork restores) {
        this.host = host;
        this.agent = agent;
        this.restores = restores;
    }

    /** Begins what is ordered, or says why not. */
    void take(Configuration configuration, String server, Order order, Outbox answers) {
        try {
            require(configuration, server, order);
            log.info(
                    "{} of '{}' is ordered by '{}' through server '{}'",
                    order.kind() == Order.Kind.BACKUP ? "backup" : "restore",
                    order.volume(),
                    order.by(),
                    server);
            if (order.kind() == Order.Kind.BACKUP) {
                backUp(server, order, answers);
            } else {
                restore(configuration, server, order, answers);
            }
        } catch (HoldfastException e) {
            log.warn("an order of '{}' through server '{}' is refused: {}", order.by(), server, e.getMessage());
            answers.ended(OrderEnd.refused(order.id(), e.problem()));
        }
    }

    private synchronized void require(Configuration configuration, String server, Order order) {
        if (cancellations.size() >= MOST || cancellations.containsKey(order.id())) {
            throw Problem.of(
                            ProblemCode.BUSY,
                            "host '" + host + "' has " + cancellations.size() + " orders to carry out already",
                            "Wait for one of them to end.")
                    .asException();
        }
        HostConfiguration own = configuration.forHost(host);
        RemoteWork allowed = own.remote().value();
        RemoteWork needed = order.kind() == Order.Kind.BACKUP ? RemoteWork.BACKUP : RemoteWork.RESTORE;
        if (allowed.compareTo(needed) < 0 || !order.host().equals(host)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' takes no orders for a " + needed.word() + " from its servers",
                            "Its own configuration decides: `remote: " + needed.word() + "` of client '" + host
                                    + "' allows it.")
                    .asException();
        }
        if (order.kind() == Order.Kind.BACKUP) {
            own.backedUp(order.volume());
        } else {
            requireRestore(configuration, server, order);
        }
    }

    private void requireRestore(Configuration configuration, String server, Order order) {
        String source = order.what().source().isEmpty() ? host : order.what().source();
        String target = order.what().toVolume().isEmpty()
                ? order.volume()
                : order.what().toVolume();
        configuration.volume(target);
        if (!configuration.mayRestore(host, source, order.volume())) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' may not read volume '" + order.volume() + "' of host '" + source + "'",
                            "In its configuration and in that of server '" + server + "', add '" + source + "/"
                                    + order.volume() + "' to the `restore` list of client '" + host + "'.")
                    .asException();
        }
    }

    private void backUp(String server, Order order, Outbox answers) {
        OrderWatcher watcher = new OrderWatcher(order.id(), answers::advanced, System::nanoTime);
        Demand demand =
                new Demand(server, order.volume(), order.by(), watcher, run -> done(order, endOf(order, run), answers));
        keep(order, () -> agent.cancel(demand));
        try {
            agent.demand(demand);
            watcher.phase("waiting for its turn");
        } catch (HoldfastException e) {
            forget(order);
            throw e;
        }
    }

    private static OrderEnd endOf(Order order, RunRecord run) {
        RunReport.Made made = run.achievement().map(Announcements::made).orElse(RunReport.Made.NOTHING);
        Optional<Problem> problem = run.failure()
                .map(why -> Problem.of(code(why.code()), why.message(), why.hint()))
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
        Thread worker = new Thread(
                () -> done(order, restored(configuration, server, order, watcher, cancelling), answers),
                "holdfast-order-" + order.id());
        worker.setDaemon(true);
        keep(order, cancelling::cancel);
        worker.start();
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
            return OrderEnd.refused(order.id(), e.problem());
        } catch (RuntimeException e) {
            log.error("a fault in Holdfast; please report it to the project", e);
            return OrderEnd.refused(
                    order.id(),
                    Problem.of(ProblemCode.BUG, "unexpected " + e, "See the log of the agent, and report it."));
        }
    }

    private synchronized void keep(Order order, Runnable cancellation) {
        cancellations.put(order.id(), cancellation);
    }

    private synchronized void forget(Order order) {
        cancellations.remove(order.id());
    }

    private void done(Order order, OrderEnd end, Outbox answers) {
        forget(order);
        answers.ended(end);
    }

    /** The agent is ending. */
    void cancelAll() {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(cancellations.values());
        }
        all.forEach(Runnable::run);
    }

    /** Nothing happens for what has ended, or never was. */
    void cancel(UUID order) {
        Optional<Runnable> cancellation;
        synchronized (this) {
            cancellation = Optional.ofNullable(cancellations.get(order));
        }
        cancellation.ifPresent(Runnable::run);
    }
}
