package dev.holdfast.cli.command;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** The manual page of one command, in the man(7) macros. */
final class ManPage {
    private final CommandSpec command;
    private final CommandText text;

    ManPage(CommandSpec command) {
        this.command = command;
        this.text = CommandText.of(command);
    }

    String fileName() {
        return text.name().replace(' ', '-') + ".1";
    }

    String text() {
        StringBuilder page = new StringBuilder();
        String title = text.name().replace(' ', '-');
        page.append(".TH \"")
                .append(title.toUpperCase(Locale.ROOT))
                .append("\" \"1\" \"\" \"Holdfast ")
                .append(Version.current())
                .append("\" \"Holdfast Manual\"\n");
        heading(page, "NAME");
        page.append(escape(title))
                .append(" \\- ")
                .append(escape(text.summary()))
                .append('\n');
        heading(page, "SYNOPSIS");
        page.append(".B ").append(escape(text.synopsis())).append('\n');
        heading(page, "DESCRIPTION");
        for (String paragraph : text.paragraphs()) {
            page.append(".PP\n").append(escape(paragraph)).append('\n');
        }
        items(page, "OPTIONS", text.arguments());
        items(page, "OPTIONS OF EVERY COMMAND", text.common());
        exitCodes(page);
        seeAlso(page);
        return page.toString();
    }

    private static void heading(StringBuilder page, String title) {
        page.append(".SH ").append(title).append('\n');
    }

    private static void items(StringBuilder page, String title, List<CommandText.Item> items) {
        if (items.isEmpty()) {
            return;
        }
        heading(page, title);
        for (CommandText.Item item : items) {
            page.append(".TP\n.B ")
                    .append(escape(item.term()))
                    .append('\n')
                    .append(escape(item.meaning()))
                    .append('\n');
        }
    }

    private void exitCodes(StringBuilder page) {
        heading(page, "EXIT STATUS");
        command.root()
                .usageMessage()
                .exitCodeList()
                .forEach((code, meaning) -> page.append(".TP\n.B ")
                        .append(code)
                        .append('\n')
                        .append(escape(meaning))
                        .append('\n'));
    }

    private void seeAlso(StringBuilder page) {
        List<String> others = command.parent() == null
                ? command.subcommands().values().stream()
                        .filter(below -> !below.getCommandSpec().usageMessage().hidden())
                        .map(below -> below.getCommandSpec().qualifiedName("-"))
                        .toList()
                : List.of(command.parent().qualifiedName("-"));
        if (!others.isEmpty()) {
            heading(page, "SEE ALSO");
            page.append(escape(String.join("(1), ", others))).append("(1)\n");
        }
    }

    /** Backslashes and dashes mean something to roff, as do dots and quotes at the start of a line. */
    private static String escape(String line) {
        String escaped = line.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
