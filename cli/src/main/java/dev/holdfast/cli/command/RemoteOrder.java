package dev.holdfast.cli.command;

import dev.holdfast.agent.fleet.OperatorLink;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Work on another host, ordered through its server: it is carried out by the agent there, and watched from here. */
final class RemoteOrder {
    private static final char BETWEEN = ':';

    private final Session session;

    RemoteOrder(Session session) {
        this.session = session;
    }

    /** Whether words of a command line mean volumes of other hosts, as {@code HOST:VOLUME}. */
    static boolean isMeant(List<String> words) {
        return words.stream().anyMatch(word -> word.indexOf(BETWEEN) >= 0);
    }

    /** Backs up each {@code HOST:VOLUME} in turn; with the worst of the exit codes. */
    int backUp(List<String> words, Optional<String> server) {
        List<Order> orders = words.stream().map(this::backupOf).toList();
        int worst = 0;
        for (Order order : orders) {
            worst = Math.max(worst, carryOut(order, server));
        }
        return worst;
    }

    private Order backupOf(String word) {
        int at = word.indexOf(BETWEEN);
        if (at <= 0 || at == word.length() - 1) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "'" + word + "' is not HOST:VOLUME",
                            "Volumes of this host and of others cannot be backed up by one command.")
                    .asException();
        }
        return new Order(
                id(), Order.Kind.BACKUP, "", word.substring(0, at), word.substring(at + 1), Order.Restore.NONE);
    }

    int restore(String host, String volume, Order.Restore what, Optional<String> server) {
        return carryOut(new Order(id(), Order.Kind.RESTORE, "", host, volume, what), server);
    }

    private UUID id() {
        return new UUID(session.random().nextLong(), session.random().nextLong());
    }

    private int carryOut(Order order, Optional<String> server) {
        Machine machine = session.machine();
        Connections connections = session.connections(machine);
        Server through = connections.serverFor(server);
        OrderEnd end;
        try (OperatorLink link = connections.operate(through.name());
                ProgressDisplay progress =
                        session.progress(verb(order) + " " + order.host() + BETWEEN + order.volume())) {
            session.cancellation().onRequest(() -> {
                session.remark("asking host '" + order.host() + "' to stop");
                link.cancel(order);
            });
            end = link.give(order, progress);
        }
        report(order, through, end);
        if (end.problem().isEmpty()) {
            return 0;
        }
        if (end.problem().get().code() != ProblemCode.PARTIAL) {
            throw end.problem().get().asException();
        }
        session.alarm(end.problem().get());
        return ProblemCode.PARTIAL.exitCode();
    }

    private static String verb(Order order) {
        return order.kind().name().toLowerCase(Locale.ROOT);
    }

    private void report(Order order, Server through, OrderEnd end) {
        boolean made = !end.made().snapshot().isEmpty();
        if (session.options().json()) {
            session.json().line("summary", json -> {
                json.text("work", verb(order))
                        .text("host", order.host())
                        .text("volume", order.volume())
                        .text("server", through.name())
                        .flag("done", end.problem().isEmpty())
                        .texts("text", end.text().lines().toList());
                if (made) {
                    json.text("snapshot_id", end.made().snapshot())
                            .number("files", end.made().files())
                            .number("bytes", end.made().bytes())
                            .number("bytes_sent", end.made().bytesSent())
                            .number("files_unreadable", end.made().unreadable());
                }
            });
            return;
        }
        end.text().lines().map(SafeText::of).forEach(session::say);
        if (made) {
            session.say("snapshot "
                    + SafeText.of(end.made()
                            .snapshot()
                            .substring(0, Math.min(8, end.made().snapshot().length())))
                    + " of " + order.host() + "/" + order.volume() + " is safe on " + through.name() + ": "
                    + end.made().files() + " files, " + Sizes.show(end.made().bytes()) + ", "
                    + Sizes.show(end.made().bytesSent()) + " sent");
        }
    }
}
