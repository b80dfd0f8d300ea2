package dev.holdfast.cli.command;

import dev.holdfast.core.config.Channel;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.notify.Trial;
import java.util.List;
import java.util.Optional;

/** The channels that the server of this machine uses; they are numbered from 1. */
record ThisServersChannels(Configuration configuration, ThisServer server, List<Channel> channels) {
    static ThisServersChannels of(Session session) {
        Configuration configuration = session.configuration();
        ThisServer server = ThisServer.find(session);
        List<Channel> channels = Trial.channels(configuration, server.name());
        if (channels.isEmpty()) {
            throw none(server, configuration.file().toString());
        }
        return new ThisServersChannels(configuration, server, channels);
    }

    /** @param where some can be added */
    static HoldfastException none(ThisServer server, String where) {
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "server '" + server.name() + "' tells nobody anything",
                        "Add `notify:` to " + where
                                + "; docs/guide/notifications.md and `holdfast config sample` show how.")
                .asException();
    }

    int number(Channel channel) {
        return channels.indexOf(channel) + 1;
    }

    /** All, or the one of that number or name. */
    List<Channel> chosen(Optional<String> which) {
        return which.map(text -> List.of(channel(text))).orElse(channels);
    }

    private Channel channel(String which) {
        List<String> names = channels.stream().map(Channel::name).toList();
        return channels.stream()
                .filter(channel -> channel.name().equals(which) || which.equals(String.valueOf(number(channel))))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                ProblemCode.NOT_FOUND,
                                "no channel '" + which + "'",
                                Configuration.nearest(which, names)
                                        .map(name -> "Did you mean '" + name + "'?")
                                        .orElse("There are " + String.join(", ", names)
                                                + "; `holdfast notify list` shows them."))
                        .asException());
    }
}
