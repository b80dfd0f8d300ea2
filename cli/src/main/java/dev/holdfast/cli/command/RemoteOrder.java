package dev.holdfast.cli.command;

import dev.holdfast.agent.fleet.OperatorLink;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.wire.ByteLink;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

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

    /** Backs up each {@code HOST:VOLUME} in turn, also when one of them fails. */
    int backUp(List<String> words, Optional<String> server) {
        String hint = "Volumes of this host and of others cannot be backed up by one command.";
        return each(Order.Kind.BACKUP, words, hint, server, "backed up");
    }

    /** Stops what is under way with each {@code HOST:VOLUME}, in turn. */
    int cancel(List<String> words, Optional<String> server) {
        String hint = "What was typed here is stopped by Ctrl-C where it was typed.";
        return each(Order.Kind.CANCEL, words, hint, server, "stopped");
    }

    private int each(Order.Kind kind, List<String> words, String hint, Optional<String> server, String done) {
        List<Order> orders =
                words.stream().map(word -> orderOf(kind, word, hint)).toList();
        VolumeFailures failures = new VolumeFailures(session, done, orders.size());
        int worst = 0;
        for (Order order : orders) {
            Optional<Problem> problem = ordered(order, server);
            if (isPartial(problem)) {
                session.alarm(problem.orElseThrow());
                worst = ProblemCode.PARTIAL.exitCode();
            } else {
                problem.ifPresent(why -> failures.metAlone(name(order), why.asException()));
            }
        }
        failures.conclude();
        return worst;
    }

    private Order orderOf(Order.Kind kind, String word, String hint) {
        int at = word.indexOf(BETWEEN);
        if (at <= 0 || at == word.length() - 1) {
            throw Problem.of(ProblemCode.USAGE, "'" + word + "' is not HOST:VOLUME", hint)
                    .asException();
        }
        return new Order(id(), kind, "", word.substring(0, at), word.substring(at + 1), Order.Restore.NONE);
    }

    int restore(String host, String volume, Order.Restore what, Optional<String> server) {
        return carryOut(new Order(id(), Order.Kind.RESTORE, "", host, volume, what), server);
    }

    /** Shows what {@link #restore} would do. */
    int plan(String host, String volume, Order.Restore what, Optional<String> server) {
        return carryOut(new Order(id(), Order.Kind.PLAN, "", host, volume, what), server);
    }

    private UUID id() {
        return new UUID(session.random().nextLong(), session.random().nextLong());
    }

    private int carryOut(Order order, Optional<String> server) {
        Optional<Problem> problem = ordered(order, server);
        if (problem.isPresent() && !isPartial(problem)) {
            throw problem.get().asException();
        }
        problem.ifPresent(session::alarm);
        return problem.isPresent() ? ProblemCode.PARTIAL.exitCode() : 0;
    }

    private static boolean isPartial(Optional<Problem> problem) {
        return problem.filter(why -> why.code() == ProblemCode.PARTIAL).isPresent();
    }

    /** Gives the order, waits for its end and shows what came of it, but for the problem. */
    private Optional<Problem> ordered(Order order, Optional<String> server) {
        Machine machine = session.machine();
        if (machine.isServer()) {
            return ended(order, itself(machine, server), give(order, this::onThisServer));
        }
        Connections connections = session.connections(machine);
        List<Server> all = machine.configuration().servers();
        if (server.isEmpty() && all.size() > 1 && order.kind() == Order.Kind.CANCEL) {
            return new CancelEverywhere(one -> give(order.again(id()), () -> connections.operate(one.name())))
                    .through(all, session::alarm, (one, end) -> report(order, one, end));
        }
        boolean byJob = server.isEmpty() && all.size() > 1 && order.kind() == Order.Kind.BACKUP;
        Server through = byJob
                ? JobServer.of(machine.configuration(), order.host(), order.volume())
                : connections.serverFor(server);
        return ended(order, through, give(order, () -> connections.operate(through.name())));
    }

    private Optional<Problem> ended(Order order, Server through, OrderEnd end) {
        report(order, through, end);
        return end.problem();
    }

    private OrderEnd give(Order order, Supplier<OperatorLink> opener) {
        try (OperatorLink link = opener.get();
                Watching progress = new Watching(order)) {
            session.cancellation().onRequest(() -> {
                session.remark("asking host '" + order.host() + "' to stop");
                link.cancel(order);
            });
            OrderEnd end = link.give(order, progress);
            progress.ended(end);
            return end;
        }
    }

    private static Server itself(Machine machine, Optional<String> server) {
        if (server.isPresent() && !server.get().equals(machine.name())) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "this machine is server '" + machine.name() + "', and only orders through itself",
                            "Leave --server out; or order as one of `operators`, with `--as NAME`, where that key is installed.")
                    .asException();
        }
        return machine.server();
    }

    /** Whoever runs the server needs no key. */
    private OperatorLink onThisServer() {
        ThisServer server = ThisServer.find(session);
        ByteLink link = server.control().operate().orElseThrow(server::notRunning);
        return OperatorLink.open(
                link, "holdfast " + Version.current(), session.clock().millis());
    }

    private static String name(Order order) {
        return order.host() + BETWEEN + order.volume();
    }

    private static String verb(Order order) {
        return switch (order.kind()) {
            case BACKUP -> "backup";
            case RESTORE, PLAN -> "restore";
            case CANCEL -> "cancel";
        };
    }

    /** Shows the work of the host once it has begun; until then it says what that waits for. */
    private final class Watching implements Progress, AutoCloseable {
        private final Order order;
        private final String what;
        private Optional<ProgressDisplay> display = Optional.empty();
        private long files;
        private long bytes;

        Watching(Order order) {
            this.order = order;
            this.what = verb(order) + " " + name(order);
        }

        private ProgressDisplay begun() {
            ProgressDisplay begun = display.orElseGet(() ->
                    order.kind() == Order.Kind.PLAN ? session.progressOfPreparation(what) : session.progress(what));
            display = Optional.of(begun);
            return begun;
        }

        @Override
        public void phase(String name) {
            begun().phase(name);
        }

        @Override
        public void total(long files, long bytes) {
            begun().total(files, bytes);
        }

        @Override
        public void advanced(long moreFiles, long moreBytes) {
            if (display.isPresent() || moreFiles > 0 || moreBytes > 0) {
                files += moreFiles;
                bytes += moreBytes;
                begun().advanced(moreFiles, moreBytes);
            }
        }

        /** The end of a quick run comes before the last word of its progress, or without any. */
        void ended(OrderEnd end) {
            RunReport.Made made = end.made();
            advanced(Math.max(0, made.files() - files), Math.max(0, made.bytes() - bytes));
            if (end.problem().isEmpty() || isPartial(end.problem())) {
                display.ifPresent(ProgressDisplay::complete);
            }
        }

        @Override
        public void notice(String message) {
            display.ifPresentOrElse(
                    shown -> shown.notice(message), () -> session.remark(what + ": " + SafeText.of(message)));
        }

        @Override
        public void close() {
            display.ifPresent(ProgressDisplay::close);
        }
    }

    private void report(Order order, Server through, OrderEnd end) {
        boolean made = !end.made().snapshot().isEmpty();
        if (session.options().json()) {
            session.json().line("summary", json -> {
                json.text("work", order.kind() == Order.Kind.PLAN ? "plan" : verb(order))
                        .text("host", order.host())
                        .text("volume", order.volume())
                        .text("server", through.name())
                        .flag("done", end.problem().isEmpty())
                        .texts("text", end.text().lines().toList());
                if (made) {
                    result(json, order, end.made());
                }
            });
            return;
        }
        end.text().lines().map(SafeText::of).forEach(session::say);
        if (made && order.kind() == Order.Kind.BACKUP) {
            session.say("snapshot "
                    + SafeText.of(end.made()
                            .snapshot()
                            .substring(0, Math.min(8, end.made().snapshot().length())))
                    + " of " + order.host() + "/" + order.volume() + " is safe on " + through.name() + ": "
                    + end.made().files() + (end.made().files() == 1 ? " file, " : " files, ")
                    + Sizes.show(end.made().bytes()) + ", "
                    + Sizes.show(end.made().bytesSent()) + " sent");
        }
    }

    /** By the names that the commands have for it on the host itself. */
    private static void result(JsonOutput.Fields json, Order order, RunReport.Made made) {
        json.text("snapshot_id", made.snapshot());
        if (order.kind() == Order.Kind.RESTORE) {
            json.number("files_restored", made.files())
                    .number("bytes_restored", made.bytes())
                    .number("bytes_fetched", made.bytesSent())
                    .number("paths_failed", made.unreadable());
        } else {
            json.number("files", made.files())
                    .number("bytes", made.bytes())
                    .number("bytes_sent", made.bytesSent())
                    .number("files_unreadable", made.unreadable());
        }
    }
}
