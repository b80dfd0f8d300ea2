package dev.holdfast.cli.launch;

import dev.holdfast.core.tree.NameText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arguments as they were given. The JVM decodes them by the locale and puts U+FFFD for what that cannot say: every name beyond ASCII
 * in the locale {@code C}, which is cron's, and names that are not UTF-8 in any. Linux still has the bytes.
 */
final class RawArguments {
    private static final char LOST = '\ufffd';

    private RawArguments() {}

    /** {@code decoded} where nothing was lost or nothing better is known; else UTF-8 with other bytes carried, see {@link NameText}. */
    static String[] restore(String[] decoded, Path commandLine) {
        boolean lost = false;
        for (String argument : decoded) {
            lost |= argument.indexOf(LOST) >= 0;
        }
        if (!lost) {
            return decoded;
        }
        try {
            return restored(decoded, split(Files.readAllBytes(commandLine)));
        } catch (IOException e) {
            return decoded; // not Linux
        }
    }

    /** The JVM's own arguments come first. */
    private static String[] restored(String[] decoded, List<String> all) {
        if (all.size() < decoded.length) {
            return decoded;
        }
        List<String> given = all.subList(all.size() - decoded.length, all.size());
        for (int i = 0; i < decoded.length; i++) {
            boolean plain = decoded[i].chars().allMatch(c -> c < 0x80);
            if (plain && !decoded[i].equals(given.get(i))) {
                return decoded; // whatever this is, it is not our command line
            }
        }
        return given.toArray(String[]::new);
    }

    private static List<String> split(byte[] commandLine) {
        List<String> arguments = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                arguments.add(NameText.carried(Arrays.copyOfRange(commandLine, start, i)));
                start = i + 1;
            }
        }
        return arguments;
    }
}
