package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help text where ours differs from picocli's: a command's own options come first, and commands are listed by subject. */
final class HelpSections {
    private static final Set<String> STANDARD = Set.of("--help", "--version");

    private HelpSections() {}

    static void install(CommandLine root) {
        apply(root);
        Map<String, IHelpSectionRenderer> sections = root.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpSections::commandList);
        root.setHelpSectionMap(sections);
        List<String> order = new ArrayList<>(root.getHelpSectionKeys());
        order.remove(UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
        order.add(
                order.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING),
                UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
        root.setHelpSectionKeys(order);
    }

    private static void apply(CommandLine command) {
        Map<String, IHelpSectionRenderer> sections = command.getHelpSectionMap();
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpSections::options);
        command.setHelpSectionMap(sections);
        command.getSubcommands().values().forEach(HelpSections::apply);
    }

    private static String options(Help help) {
        String own = options(help, option -> !isOfEveryCommand(option));
        String every = options(help, HelpSections::isOfEveryCommand);
        return (own.isEmpty() ? "" : help.createHeading("%nOptions:%n") + own)
                + help.createHeading("%nOptions of every command:%n")
                + every;
    }

    private static boolean isOfEveryCommand(OptionSpec option) {
        return option.inherited()
                || option.scopeType() == CommandLine.ScopeType.INHERIT
                || STANDARD.contains(option.longestName());
    }

    private static String options(Help help, Predicate<OptionSpec> which) {
        List<OptionSpec> shown = help.commandSpec().options().stream()
                .filter(which)
                .filter(option -> !option.hidden())
                .toList();
        return shown.isEmpty() ? "" : help.optionListExcludingGroups(shown);
    }

    /** Picocli gives the renderer of the root to every command below; those list only what is below them. */
    private static String commandList(Help help) {
        Map<String, CommandLine> commands = help.commandSpec().subcommands();
        if (help.commandSpec().parent() == null) {
            return bySection(help, commands);
        }
        StringBuilder lines = new StringBuilder();
        commands.forEach((name, command) -> addLine(help, name, command, lines));
        return lines.isEmpty() ? "" : help.createHeading("%nCommands:%n") + lines;
    }

    private static String bySection(Help help, Map<String, CommandLine> commands) {
        Map<Commands.Section, StringBuilder> bySection = new TreeMap<>();
        for (Commands.Entry entry : Commands.ALL) {
            CommandLine command = commands.get(entry.name());
            if (command != null) {
                addLine(
                        help,
                        entry.name(),
                        command,
                        bySection.computeIfAbsent(entry.section(), section -> new StringBuilder()));
            }
        }
        StringBuilder list = new StringBuilder();
        bySection.forEach((section, lines) -> {
            if (!lines.isEmpty()) {
                list.append(help.createHeading("%n" + section.title() + ":%n")).append(lines);
            }
        });
        return list.toString();
    }

    private static void addLine(Help help, String name, CommandLine command, StringBuilder lines) {
        if (!command.getCommandSpec().usageMessage().hidden()) {
            Help.TextTable table = Help.TextTable.forColumnWidths(
                    help.colorScheme(), 16, help.commandSpec().usageMessage().width() - 16);
            table.addRowValues(
                    help.colorScheme().commandText("  " + name),
                    help.colorScheme().text(firstSentence(command)));
            lines.append(table);
        }
    }

    private static String firstSentence(CommandLine command) {
        String[] description = command.getCommandSpec().usageMessage().description();
        return description.length == 0 ? "" : description[0];
    }
}
