package dev.holdfast.cli.command;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "manual",
        hidden = true,
        description = "Writes what packages ship: manual pages, completion scripts and the command reference.")
final class ManualCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "Where to: gets man/, completion/ and commands.md.")
    private Path folder = Path.of(".");

    ManualCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Path root = session.resolve(folder);
        CommandSpec program = spec.root();
        List<CommandSpec> commands = visible(program);
        try {
            for (CommandSpec command : commands) {
                ManPage page = new ManPage(command);
                write(root.resolve("man").resolve(page.fileName()), page.text());
            }
            String completion = CompletionCommand.script(program);
            write(root.resolve("completion/holdfast.bash"), completion);
            write(root.resolve("completion/holdfast.zsh"), completion);
            write(root.resolve("commands.md"), CommandReference.of(commands));
        } catch (IOException e) {
            throw Problem.of(
                            ProblemCode.IO,
                            "cannot write into " + root + ": " + e,
                            "name a folder that can be written.")
                    .asException();
        }
        if (session.options().json()) {
            session.json().line("summary", json -> json.number("pages", commands.size()));
        } else {
            session.remark("wrote " + commands.size() + " manual pages into " + root);
        }
        return 0;
    }

    /** The command and all below it, each before its own subcommands. */
    static List<CommandSpec> visible(CommandSpec command) {
        List<CommandSpec> all = new ArrayList<>();
        if (!command.usageMessage().hidden()) {
            all.add(command);
            for (CommandLine below : command.subcommands().values()) {
                all.addAll(visible(below.getCommandSpec()));
            }
        }
        return all;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
