package dev.holdfast.cli.command;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ServerSetup;
import java.util.List;
import picocli.CommandLine.Option;

/** The option by which a person says that another repository than so far is meant. */
final class NewRepositoryOption {
    private static final String NAME = "--new-repository";

    @Option(
            names = NAME,
            description =
                    "Take the data folder as it is, though it is empty or holds another repository than at the last start.")
    private boolean given;

    NewRepositoryOption() {}

    BackupServer start(ServerSetup setup) {
        return given ? BackupServer.startWithNewRepository(setup) : BackupServer.start(setup);
    }

    /** One that systemd starts is told nothing. */
    void requireAbsent() {
        if (given) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "systemd starts this server, and does not pass " + NAME + " on",
                            "As the user of the service, run `holdfast server run " + NAME
                                    + "` once and end it with Ctrl-C; then `holdfast server start`.")
                    .asException();
        }
    }

    /** How it is passed on. */
    List<String> words() {
        return given ? List.of(NAME) : List.of();
    }
}
