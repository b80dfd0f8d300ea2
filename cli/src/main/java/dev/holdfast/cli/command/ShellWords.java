package dev.holdfast.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A command line of ours for a person to paste into a shell. */
final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private final List<String> words = new ArrayList<>();

    ShellWords(String... beginning) {
        for (String word : beginning) {
            word(word);
        }
    }

    ShellWords word(String word) {
        words.add(PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'");
        return this;
    }

    ShellWords flag(String name, boolean wanted) {
        return wanted ? word(name) : this;
    }

    ShellWords option(String name, Optional<String> value) {
        value.ifPresent(text -> word(name).word(text));
        return this;
    }

    String line() {
        return String.join(" ", words);
    }
}
