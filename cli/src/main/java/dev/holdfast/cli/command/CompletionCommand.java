package dev.holdfast.cli.command;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = {
            "Prints the completion script for a shell.",
            "For bash: `source <(holdfast completion bash)`; for zsh: `source <(holdfast completion zsh)`, after"
                    + " `autoload -U compinit && compinit`. Either line belongs into the shell's start file."
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells there is a script for. */
    enum Shell {
        BASH,
        ZSH
    }

    private final Session session;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "SHELL",
            completionCandidates = Shells.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.BASH;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        String script = script(spec.root());
        if (session.options().json()) {
            session.json()
                    .line(
                            "completion",
                            json -> json.text("shell", shell.name().toLowerCase(Locale.ROOT))
                                    .text("script", script));
        } else {
            session.terminal().out().print(script);
        }
        return 0;
    }

    /** One script serves both shells: in zsh it turns on zsh's own emulation of bash completion. */
    static String script(CommandSpec root) {
        return AutoComplete.bash(root.name(), root.commandLine()) + registration(root.name());
    }

    /** The link by the name of the program that this one stands in for. */
    private static String registration(String name) {
        return "\ncomplete -F _complete_" + name + " -o default privateer\n";
    }

    private static final class Shells implements Iterable<String> {
        private Shells() {}

        @Override
        public Iterator<String> iterator() {
            return List.of("bash", "zsh").iterator();
        }
    }
}
