package dev.holdfast.cli.command;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.config.Setting;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.List;

/** Which of several servers a volume of another host is backed up to, when nobody says: the one that the host's schedule names. */
final class JobServer {
    private JobServer() {}

    /** {@code USAGE}, with the candidates, when that is none or several. */
    static Server of(Configuration configuration, String host, String volume) {
        List<String> named = configuration.forHost(host).jobs().stream()
                .map(Setting::value)
                .filter(job -> job.volume().equals(volume))
                .map(Job::server)
                .distinct()
                .toList();
        if (named.size() == 1) {
            return configuration.server(named.get(0));
        }
        List<String> servers = named.isEmpty()
                ? configuration.servers().stream().map(Server::name).toList()
                : named;
        throw Problem.of(
                        ProblemCode.USAGE,
                        (named.isEmpty()
                                        ? "no job of host '" + host + "' says to which server '" + volume
                                                + "' goes, and there are several: "
                                        : "jobs of host '" + host + "' back up '" + volume + "' to several servers: ")
                                + String.join(", ", servers),
                        "Say which with `--server NAME`.")
                .asException();
    }
}
