package dev.holdfast.cli.command;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** What the manual says of a command, before it is given a form. */
record CommandText(
        String name,
        String summary,
        List<String> paragraphs,
        String synopsis,
        List<Item> arguments,
        List<Item> common) {

    /** An option or parameter with its explanation. */
    record Item(String term, String meaning) {}

    static CommandText of(CommandSpec command) {
        List<String> description = Arrays.stream(command.usageMessage().description())
                .map(line -> String.format(Locale.ROOT, line).strip())
                .toList();
        List<Item> parameters = command.positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .map(parameter -> new Item(parameter.paramLabel(), meaning(parameter)))
                .toList();
        return new CommandText(
                command.qualifiedName(),
                description.isEmpty() ? "" : description.get(0),
                description,
                synopsis(command),
                concat(parameters, options(command, false)),
                options(command, true));
    }

    private static List<Item> concat(List<Item> first, List<Item> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static List<Item> options(CommandSpec command, boolean common) {
        return command.options().stream()
                .filter(option -> !option.hidden() && isCommon(option) == common)
                .map(option -> new Item(term(option), meaning(option)))
                .toList();
    }

    private static boolean isCommon(OptionSpec option) {
        return option.inherited()
                || option.scopeType() == ScopeType.INHERIT
                || option.usageHelp()
                || option.versionHelp();
    }

    private static String term(OptionSpec option) {
        String names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    private static String meaning(ArgSpec argument) {
        return Arrays.stream(argument.description())
                .map(line -> String.format(Locale.ROOT, line).strip())
                .collect(Collectors.joining(" "));
    }

    /** Without the options of every command, which would hide the rest. */
    private static String synopsis(CommandSpec command) {
        String parameters = command.positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .map(parameter -> parameter.required() ? parameter.paramLabel() : "[" + parameter.paramLabel() + "]")
                .collect(Collectors.joining(" "));
        String below = command.subcommands().isEmpty() ? "" : " COMMAND";
        String line = command.qualifiedName() + " [OPTIONS] " + parameters + below;
        return line.replaceAll(" +", " ").strip();
    }
}
