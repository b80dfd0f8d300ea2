package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.core.config.Channel;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.notify.Trial;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "Shows the channels, what they tell, and how many notices wait because nobody takes them.")
final class NotifyListCommand implements Callable<Integer> {
    private final Session session;

    NotifyListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ThisServersChannels all = ThisServersChannels.of(session);
        Map<Channel, Integer> waiting = waiting(all);
        Table table = new Table(
                Table.Column.number("NUMBER"),
                Table.Column.text("NAME"),
                Table.Column.text("WHERE TO"),
                Table.Column.text("TELLS"),
                Table.Column.text("ABOUT"),
                Table.Column.number("WAITING"));
        for (Channel channel : all.channels()) {
            int number = all.number(channel);
            int count = waiting.getOrDefault(channel, 0);
            if (session.options().json()) {
                session.json()
                        .line(
                                "channel",
                                json -> json.number("number", number)
                                        .text("name", channel.name())
                                        .text("kind", channel.receiver().kind())
                                        .text("place", channel.receiver().place())
                                        .text("on", channel.events())
                                        .texts("hosts", channel.reach().hosts())
                                        .texts("volumes", channel.reach().volumes())
                                        .number("waiting", count));
            } else {
                table.row(
                        Integer.toString(number),
                        channel.name(),
                        SafeText.of(channel.receiver().place()),
                        channel.events(),
                        about(channel.reach()),
                        Integer.toString(count));
            }
        }
        if (!session.options().json()) {
            table.print(session.terminal());
        }
        return 0;
    }

    private static Map<Channel, Integer> waiting(ThisServersChannels all) {
        try {
            return Trial.waiting(all.server().state().folder(), all.channels());
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "cannot look at what waits in "
                                    + all.server().state().folder() + ": " + e,
                            "Run this as the user of the server."),
                    e);
        }
    }

    private static String about(Channel.Reach reach) {
        return reach.isWhole() ? "everything" : all(reach.hosts()) + "/" + all(reach.volumes());
    }

    private static String all(List<String> patterns) {
        return patterns.isEmpty() ? "*" : String.join(",", patterns);
    }
}
