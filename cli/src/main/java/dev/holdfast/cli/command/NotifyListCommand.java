package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.daemon.ChannelStatus;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = {
            "Shows the channels, what they tell, and how many notices wait because nobody takes them.",
            "While the configuration has errors, it shows those that the running server goes on with."
        })
final class NotifyListCommand implements Callable<Integer> {
    private final Session session;

    NotifyListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try {
            session.configuration();
        } catch (HoldfastException broken) {
            show(ofRunningServer(broken));
            return 0;
        }
        show(ofConfiguration(ThisServersChannels.of(session)));
        return 0;
    }

    /** One that runs goes on by the configuration that it has read before. */
    private List<ChannelStatus> ofRunningServer(HoldfastException broken) {
        ThisServer server = ThisServer.find(session);
        List<ChannelStatus> all = server.control().channels().orElseThrow(() -> broken);
        session.alarm(broken.problem());
        if (all.isEmpty()) {
            throw ThisServersChannels.none(server, "the configuration, when that is mended");
        }
        return all;
    }

    private static List<ChannelStatus> ofConfiguration(ThisServersChannels all) {
        try {
            return ChannelStatus.of(all.channels(), all.server().state().folder());
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

    private void show(List<ChannelStatus> channels) {
        Table table = new Table(
                Table.Column.number("NUMBER"),
                Table.Column.text("NAME"),
                Table.Column.text("WHERE TO"),
                Table.Column.text("TELLS"),
                Table.Column.text("ABOUT"),
                Table.Column.number("WAITING"));
        for (int i = 0; i < channels.size(); i++) {
            ChannelStatus channel = channels.get(i);
            int number = i + 1;
            if (session.options().json()) {
                session.json()
                        .line(
                                "channel",
                                json -> json.number("number", number)
                                        .text("name", channel.name())
                                        .text("kind", channel.kind())
                                        .text("place", channel.place())
                                        .texts("on", channel.on())
                                        .texts("hosts", channel.hosts())
                                        .texts("volumes", channel.volumes())
                                        .number("waiting", channel.waiting()));
            } else {
                table.row(
                        Integer.toString(number),
                        SafeText.of(channel.name()),
                        SafeText.of(channel.place()),
                        channel.on().isEmpty() ? "nothing" : String.join(", ", channel.on()),
                        about(channel),
                        Integer.toString(channel.waiting()));
            }
        }
        if (!session.options().json()) {
            table.print(session.terminal());
        }
    }

    private static String about(ChannelStatus channel) {
        boolean whole = channel.hosts().isEmpty() && channel.volumes().isEmpty();
        return whole ? "everything" : all(channel.hosts()) + "/" + all(channel.volumes());
    }

    private static String all(List<String> patterns) {
        return patterns.isEmpty() ? "*" : String.join(",", patterns);
    }
}
