package dev.holdfast.cli.command;

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

    /** How it is passed on. */
    List<String> words() {
        return given ? List.of(NAME) : List.of();
    }
}
