package dev.holdfast.server.session;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The part of a session that is about the fleet: the schedule of an agent that stays and the outcomes of its runs, questions about how
 * backups stand, and orders of operators. Who may what is asked anew for each.
 */
final class FleetRequests implements AutoCloseable {
    private static final int MOST_ORDERS = 8;

    private final Site site;
    private final String who;
    private final FrameWriter writer;
    private final Map<UUID, OrderRelay> orders = new HashMap<>();
    private Optional<FleetDesk.Standing> standing = Optional.empty();

    FleetRequests(Site site, String who, FrameWriter writer) {
        this.site = site;
        this.who = who;
        this.writer = writer;
    }

    /** Whether the message is one of these; whoever is only a person may send no others that ask for anything. */
    static boolean isForPeople(Message message) {
        return message instanceof Message.AskFleet
                || message instanceof Message.GiveOrder
                || message instanceof Message.CancelOrder
                || message instanceof Message.Ping;
    }

    /** Does what the message asks for; false when it is about something else. */
    boolean take(Message message, int protocol) throws IOException {
        if (message instanceof Message.Announce announce) {
            if (standing.isEmpty()) {
                standing = Optional.of(site.fleet().stand(who, new OverWire()));
            }
            standing.get().announced(announce.announcement());
        } else if (message instanceof Message.Report report) {
            site.fleet().reported(who, report.report());
        } else if (message instanceof Message.AskFleet ask) {
            answer(ask, protocol);
        } else if (message instanceof Message.Restores restores && protocol >= Greeting.RESTORES) {
            requireStanding("restores").restoring(restores.restores());
        } else if (message instanceof Message.GiveOrder give) {
            place(give.order());
        } else if (message instanceof Message.CancelOrder cancel) {
            Optional.ofNullable(orders.get(cancel.order()))
                    .ifPresent(relay -> site.fleet().cancel(cancel.order(), relay));
        } else if (message instanceof Message.OrderAdvanced advanced) {
            requireStanding("an answer to an order").advanced(advanced.progress());
        } else if (message instanceof Message.OrderEnded ended) {
            requireStanding("an answer to an order").ended(ended.end());
        } else {
            return false;
        }
        return true;
    }

    private FleetDesk.Standing requireStanding(String what) throws MalformedException {
        return standing.orElseThrow(() -> new MalformedException(what + " from a session that was never announced"));
    }

    private void answer(Message.AskFleet ask, int protocol) throws IOException {
        boolean all = site.grants().maySeeFleet(who);
        List<VolumeStatus> visible = site.fleet().status().stream()
                .filter(one -> all || one.host().equals(who))
                .filter(one -> ask.host().isEmpty() || ask.host().equals(one.host()))
                .filter(one -> ask.volume().isEmpty() || ask.volume().equals(one.volume()))
                .toList();
        for (VolumeStatus one : visible) {
            writer.write(new Message.FleetItem(one));
        }
        List<RestoreStatus> restores = protocol < Greeting.RESTORES
                ? List.of()
                : site.fleet().restores().stream()
                        .filter(one -> all || one.host().equals(who))
                        .filter(one -> ask.host().isEmpty() || ask.host().equals(one.host()))
                        .filter(one -> ask.volume().isEmpty() || one.concerns(ask.volume()))
                        .toList();
        for (RestoreStatus one : restores) {
            writer.write(new Message.RestoreItem(protocol < Greeting.UNHEARD ? one.withoutLastHeard() : one));
        }
        writer.writeNow(new Message.FleetEnd(
                visible.size() + restores.size(), site.clock().millis()));
    }

    private void place(Order order) throws IOException {
        try {
            requireOperator(order);
            orders.values().removeIf(OrderRelay::isOver);
            if (orders.size() >= MOST_ORDERS) {
                throw Problem.of(
                                ProblemCode.BUSY,
                                "there are " + MOST_ORDERS + " orders under way in this session",
                                "Wait for one of them to end.")
                        .asException();
            }
        } catch (HoldfastException e) {
            writer.writeNow(new Message.OrderEnded(OrderEnd.refused(order.id(), e.problem())));
            return;
        }
        OrderRelay relay = new OrderRelay(writer);
        orders.put(order.id(), relay);
        relay.start(order.id());
        try {
            site.fleet().place(order.by(who), relay);
        } catch (HoldfastException e) {
            relay.ended(OrderEnd.refused(order.id(), e.problem()));
        }
    }

    private void requireOperator(Order order) {
        if (!site.grants().mayOrder(who)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "'" + who + "' may not start work on host '" + order.host() + "'",
                            "Whoever runs the server can add '" + who + "' to `operators` in its configuration.")
                    .asException();
        }
        if (orders.containsKey(order.id())) {
            throw Problem.of(ProblemCode.PROTOCOL, "an order of that number was given before", "Report this.")
                    .asException();
        }
    }

    /** The agent at the other end of this session. */
    private final class OverWire implements FleetDesk.Agent {
        @Override
        public void give(Order order) throws IOException {
            writer.writeNow(new Message.GiveOrder(order));
        }

        @Override
        public void cancel(UUID order) throws IOException {
            writer.writeNow(new Message.CancelOrder(order));
        }
    }

    /** Orders that were given go on: a backup is worth finishing, though nobody hears of it. */
    @Override
    public void close() {
        standing.ifPresent(FleetDesk.Standing::close);
        standing = Optional.empty();
        orders.values().forEach(OrderRelay::abandon);
    }
}
