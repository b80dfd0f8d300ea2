package dev.holdfast.cli.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description = {
            "Stops what the agents of other hosts do with volumes: orders of operators, whoever gave them, and backups that the"
                    + " schedule has begun. Needs a key of an operator, except on the machine of the server.",
            "A backup that is stopped leaves nothing behind that is not used by the next one, which comes at its ordinary time. A"
                    + " restore that is stopped leaves its volume unfinished, until the same restore is run again.",
            "Exit code 0 when it has stopped, 10 when there was nothing to stop, 11 when it has not ended yet."
        })
final class CancelCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "HOST:VOLUME", description = "Volumes whose work is to stop.")
    private List<String> volumes = List.of();

    @Option(
            names = "--server",
            paramLabel = "NAME",
            description = "Server through which the hosts are asked (default: all).")
    private @Nullable String server;

    CancelCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return new RemoteOrder(session).cancel(volumes, Optional.ofNullable(server));
    }
}
