package dev.holdfast.cli.launch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options of a command that stand before its name, as privateer takes them: {@code --dry-run import FILE VOLUME}, {@code --server
 * annex backup VOLUME}. They are moved behind the name, where the command itself judges them, so that what it does not know is
 * refused and never ignored.
 */
final class EarlyOptions {
    private EarlyOptions() {}

    /** The same words in an order that picocli takes; {@code args} itself when there is nothing to move, or no command. */
    static String[] moved(CommandLine program, String... args) {
        List<String> kept = new ArrayList<>();
        List<String> early = new ArrayList<>();
        CommandLine command = program;
        boolean mayBeValue = false;
        int next = 0;
        while (!command.getSubcommands().isEmpty()) {
            if (next == args.length || args[next].equals("--")) {
                return args;
            }
            String word = args[next++];
            CommandLine named = command.getSubcommands().get(word);
            Optional<OptionSpec> known = option(command, word);
            if (named != null) {
                kept.add(word);
                command = named;
                mayBeValue = false;
            } else if (known.isPresent()) {
                kept.add(word);
                if (takesNextWord(known.get(), word) && next < args.length) {
                    kept.add(args[next++]);
                }
                mayBeValue = false;
            } else if (word.startsWith("-") && word.length() > 1) {
                early.add(word);
                mayBeValue = word.indexOf('=') < 0;
            } else if (mayBeValue) {
                early.add(word);
                mayBeValue = false;
            } else {
                return args;
            }
        }
        if (early.isEmpty()) {
            return args;
        }
        kept.addAll(early);
        kept.addAll(Arrays.asList(args).subList(next, args.length));
        return kept.toArray(String[]::new);
    }

    private static Optional<OptionSpec> option(CommandLine command, String word) {
        int value = word.indexOf('=');
        return Optional.ofNullable(
                command.getCommandSpec().optionsMap().get(value < 0 ? word : word.substring(0, value)));
    }

    private static boolean takesNextWord(OptionSpec option, String word) {
        return option.arity().max() > 0 && word.indexOf('=') < 0;
    }
}
