package dev.holdfast.cli.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** All commands on one page, in Markdown. */
final class CommandReference {
    private CommandReference() {}

    /** The first command is the program itself. */
    static String of(List<CommandSpec> commands) {
        StringBuilder page =
                new StringBuilder("# Commands\n\nWritten by `holdfast manual` from the program's own command"
                        + " model; changes made here by hand are lost.\n");
        CommandSpec program = commands.get(0);
        items(page, "\n## Options of every command\n\n", CommandText.of(program).common());
        page.append("\n## Exit codes\n\n| Code | Meaning |\n|---|---|\n");
        program.usageMessage()
                .exitCodeList()
                .forEach((code, meaning) -> page.append("| ")
                        .append(code.strip())
                        .append(" | ")
                        .append(meaning)
                        .append(" |\n"));
        for (CommandSpec command : commands.subList(1, commands.size())) {
            CommandText text = CommandText.of(command);
            page.append("\n## ").append(text.name()).append("\n\n");
            page.append(String.join("\n\n", text.paragraphs())).append("\n\n");
            page.append("    ").append(text.synopsis()).append('\n');
            items(page, "\n", text.arguments());
        }
        return page.toString();
    }

    private static void items(StringBuilder page, String heading, List<CommandText.Item> items) {
        if (items.isEmpty()) {
            return;
        }
        page.append(heading).append("| Option | Meaning |\n|---|---|\n");
        for (CommandText.Item item : items) {
            page.append("| `")
                    .append(item.term())
                    .append("` | ")
                    .append(item.meaning().replace("|", "\\|"))
                    .append(" |\n");
        }
    }
}
