package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.session.FleetDesk;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orders that are under way: from whom, and at which agent. What an agent says of an order that it was not given is not heard. */
final class OrderBoard {
    private static final Logger log = LoggerFactory.getLogger(OrderBoard.class);
    private static final int MOST_OF_HOST = 4;

    private record Placed(Order order, FleetDesk.Agent agent, FleetDesk.Customer customer) {}

    private final Map<UUID, Placed> orders = new HashMap<>();

    void place(Order order, FleetDesk.Agent agent, FleetDesk.Customer customer) {
        synchronized (this) {
            // However much there is to do, it can be cancelled.
            boolean cancels = order.kind() == Order.Kind.CANCEL;
            long already = orders.values().stream()
                    .filter(placed -> placed.order.host().equals(order.host()))
                    .filter(placed -> cancels == (placed.order.kind() == Order.Kind.CANCEL))
                    .count();
            if (already >= MOST_OF_HOST || orders.containsKey(order.id())) {
                throw Problem.of(
                                ProblemCode.BUSY,
                                "host '" + order.host() + "' has " + already + " orders to carry out already",
                                "Wait for one of them to end.")
                        .asException();
            }
            orders.put(order.id(), new Placed(order, agent, customer));
        }
        log.info("{} of '{}' on {} is ordered by {}", order.kind().word(), order.volume(), order.host(), order.by());
        try {
            agent.give(order);
        } catch (IOException e) {
            synchronized (this) {
                orders.remove(order.id());
            }
            throw gone(order.host()).asException();
        }
    }

    private static Problem gone(String host) {
        return Problem.of(
                ProblemCode.UNREACHABLE,
                "the connection of the agent of host '" + host + "' broke",
                "What had begun there may go on; `holdfast status` shows what came of it.");
    }

    void cancel(UUID id, FleetDesk.Customer customer) {
        find(id).filter(placed -> placed.customer.equals(customer)).ifPresent(placed -> {
            try {
                placed.agent.cancel(id);
            } catch (IOException e) {
                log.debug("{} is gone, and its orders end for that", placed.order.host());
            }
        });
    }

    private synchronized Optional<Placed> find(UUID id) {
        return Optional.ofNullable(orders.get(id));
    }

    void advanced(FleetDesk.Agent by, OrderProgress progress) {
        find(progress.order())
                .filter(placed -> placed.agent.equals(by))
                .ifPresent(placed -> placed.customer.advanced(progress));
    }

    void ended(FleetDesk.Agent by, OrderEnd end) {
        Optional<Placed> placed;
        synchronized (this) {
            placed = find(end.order()).filter(one -> one.agent.equals(by));
            placed.ifPresent(one -> orders.remove(end.order()));
        }
        placed.ifPresent(one -> {
            log.info(
                    "what {} ordered on {} ended: {}",
                    one.order.by(),
                    one.order.host(),
                    end.problem().map(Problem::message).orElse("done"));
            one.customer.ended(end);
        });
    }

    /** The agent has gone, and answers no order any more. */
    void gone(FleetDesk.Agent agent) {
        List<Placed> open;
        synchronized (this) {
            open = orders.values().stream()
                    .filter(placed -> placed.agent.equals(agent))
                    .toList();
            open.forEach(placed -> orders.remove(placed.order.id()));
        }
        Consumer<Placed> tell =
                placed -> placed.customer.ended(OrderEnd.refused(placed.order.id(), gone(placed.order.host())));
        open.forEach(tell);
    }
}
