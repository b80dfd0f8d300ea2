package dev.holdfast.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.agent.fleet.RestoreWork;
import dev.holdfast.agent.schedule.Turn;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * A restore that an operator has ordered is what {@code holdfast restore VOLUME --yes} does on this host, and its plan what {@code
 * --dry-run} shows. Only words of the order go into
 * that command line that cannot be taken for options, and none that lead anywhere but to a volume.
 */
final class OrderedRestore implements RestoreWork {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Session session;
    private final Turn turn;

    OrderedRestore(Session session, Turn turn) {
        this.session = session;
        this.turn = turn;
    }

    @Override
    public OrderEnd restore(
            Configuration configuration, String server, Order order, Progress watcher, Consumer<Runnable> onCancel) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Session own = session.beside(
                new Terminal(said, new Watched(watcher), Terminal.Keyboard.NOBODY, Terminal.Shape.PIPES));
        onCancel.accept(() -> own.cancellation().request());
        RestoreCommand command = new RestoreCommand(own);
        CommandLine line = new CommandLine(command);
        line.addMixin("global", own.options());
        line.setExpandAtFiles(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        parse(line, words(configuration, server, order));
        int exitCode;
        try (Turn.Hold hold = await(own, watcher)) {
            hold.goToWork("the restore of '" + order.volume() + "'");
            exitCode = KeyProblem.translate(command::call);
        } catch (HoldfastException e) {
            throw onTheHost(order, e);
        }
        own.terminal().flush();
        Optional<Problem> problem = exitCode == 0
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ProblemCode.PARTIAL,
                        "not everything of volume '" + order.volume() + "' could be restored on '" + order.host() + "'",
                        "Run the restore on that host to see what; it goes on where this one stopped."));
        return new OrderEnd(order.id(), problem, command.made(), said.toString(StandardCharsets.UTF_8));
    }

    private static void parse(CommandLine line, List<String> words) {
        try {
            line.parseArgs(words.toArray(String[]::new));
        } catch (CommandLine.ParameterException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.USAGE,
                            "the order cannot be understood: " + e.getMessage(),
                            "Install the same version of Holdfast on both machines."),
                    e);
        }
    }

    /** An answer to options that an order has no words for is something to type on the host. */
    static HoldfastException onTheHost(Order order, HoldfastException e) {
        Problem problem = e.problem();
        Optional<String> option = Stream.of("--stop", "--keep-options")
                .filter(word -> problem.hint().contains("`" + word + "`"))
                .findFirst();
        if (option.isEmpty()) {
            return e;
        }
        Order.Restore what = order.what();
        ShellWords line = new ShellWords("holdfast", "restore", order.volume());
        what.paths().forEach(line::word);
        line.option("--source", said(what.source()))
                .option("--to-volume", said(what.toVolume()))
                .option("--at", said(what.at()))
                .option("--snapshot", said(what.snapshot()))
                .flag("--no-delete", what.keepOthers())
                .word(option.get());
        return new HoldfastException(
                Problem.of(
                        problem.code(),
                        problem.message(),
                        "An order cannot say more; on host '" + order.host() + "', somebody can type `" + line.line()
                                + "`."),
                e);
    }

    private static Optional<String> said(String value) {
        return Optional.of(value).filter(text -> !text.isEmpty());
    }

    private Turn.Hold await(Session own, Progress watcher) {
        try {
            Optional<Turn.Hold> hold = turn.takeIfFree();
            if (hold.isEmpty()) {
                turn.work().ifPresent(other -> watcher.notice("waits for " + other));
            }
            while (hold.isEmpty()) {
                own.cancellation().check();
                if (turn.isOver()) {
                    throw Problem.of(ProblemCode.CANCELLED, "the agent of this host is ending", "Try again later.")
                            .asException();
                }
                hold = turn.take(LOOK_EVERY);
            }
            return hold.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.CANCELLED, "interrupted", "").asException();
        }
    }

    private List<String> words(Configuration configuration, String server, Order order) {
        List<String> words = new ArrayList<>(List.of(
                "--path=" + configuration.file(),
                "--as=" + order.host(),
                "--state=" + session.stateDirectory(),
                "--progress=json",
                order.kind() == Order.Kind.PLAN ? "--dry-run" : "--yes",
                "--server=" + server));
        option(words, "--source", order.what().source());
        option(words, "--to-volume", order.what().toVolume());
        option(words, "--at", order.what().at());
        option(words, "--snapshot", order.what().snapshot());
        if (order.what().keepOthers()) {
            words.add("--no-delete");
        }
        words.add("--");
        words.add(order.volume());
        words.addAll(order.what().paths());
        return words;
    }

    private static void option(List<String> words, String name, String value) {
        if (!value.isEmpty()) {
            words.add(name + "=" + value);
        }
    }

    /** What the command says beside its result: progress as JSON, and remarks. */
    private static final class Watched extends OutputStream {
        private static final ObjectMapper JSON = new ObjectMapper();
        private static final int LONGEST_LINE = 1 << 16;

        private final Progress watcher;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private long files;
        private long bytes;

        Watched(Progress watcher) {
            this.watcher = watcher;
        }

        @Override
        public synchronized void write(int oneByte) {
            if (oneByte == '\n') {
                told(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else if (line.size() < LONGEST_LINE) {
                line.write(oneByte);
            }
        }

        private void told(String text) {
            try {
                JsonNode status = text.startsWith("{") ? JSON.readTree(text) : JSON.nullNode();
                switch (status.path("message_type").asText()) {
                    case "status" -> advance(status);
                    case "notice" -> watcher.notice(status.path("message").asText());
                    default -> watcher.notice(text);
                }
            } catch (JsonProcessingException e) {
                watcher.notice(text); // a remark that begins with a brace
            }
        }

        private void advance(JsonNode status) {
            watcher.phase(status.path("phase").asText());
            watcher.total(
                    status.path("total_files").asLong(),
                    status.path("total_bytes").asLong());
            long nowFiles = Math.max(files, status.path("files_done").asLong());
            long nowBytes = Math.max(bytes, status.path("bytes_done").asLong());
            watcher.advanced(nowFiles - files, nowBytes - bytes);
            files = nowFiles;
            bytes = nowBytes;
        }
    }
}
