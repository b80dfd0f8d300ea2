package dev.holdfast.cli.command;

import dev.holdfast.agent.process.SecretCommand;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.store.PrivatePlace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that a person or a script gives: from a file, from the program in {@code HOLDFAST_PASSPHRASE_COMMAND}, typed, or piped
 * into stdin; in this order, and never from the command line, which every user of the machine can see.
 */
final class SecretInput {
    static final String COMMAND_VARIABLE = "HOLDFAST_PASSPHRASE_COMMAND";
    private static final int SHORTEST_PASSPHRASE = 8;
    private static final int LONGEST_FILE = 4096;
    private static final int RECOVERY_SYMBOLS = 70;

    private final Session session;

    SecretInput(Session session) {
        this.session = session;
    }

    /** The passphrase of a bundle that exists; the caller wipes it. */
    char[] passphrase(@Nullable Path file) {
        return given(file).orElseGet(() -> typed("passphrase: "));
    }

    /** A passphrase for a new bundle, typed twice on a terminal; the caller wipes it. */
    char[] newPassphrase(@Nullable Path file) {
        char[] chosen = given(file).orElseGet(this::typedTwice);
        if (chosen.length < SHORTEST_PASSPHRASE) {
            Arrays.fill(chosen, ' ');
            throw Problem.of(
                            ProblemCode.USAGE,
                            "the passphrase is shorter than " + SHORTEST_PASSPHRASE + " characters",
                            "Take a long one, such as five words that do not belong together.")
                    .asException();
        }
        return chosen;
    }

    private Optional<char[]> given(@Nullable Path file) {
        if (file != null) {
            return Optional.of(firstLine(read(session.resolve(file)), file.toString()));
        }
        String command = session.environment().getOrDefault(COMMAND_VARIABLE, "");
        return command.isEmpty()
                ? Optional.empty()
                : Optional.of(firstLine(
                        SecretCommand.run(command, COMMAND_VARIABLE, session.workingDirectory()), COMMAND_VARIABLE));
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            requireOwnersAlone(file);
            return in.readNBytes(LONGEST_FILE);
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "cannot read the passphrase file " + file + ": "
                                    + e.getClass().getSimpleName(),
                            "Check that it exists and that you may read it."),
                    e);
        }
    }

    /** By the rule of private keys: what others may read is no secret. */
    private static void requireOwnersAlone(Path file) throws IOException {
        if (PrivatePlace.isWide(file)) {
            throw Problem.of(
                            ProblemCode.KEY,
                            "others may use the passphrase file " + file,
                            "Run `chmod 600 '" + file
                                    + "'`, and if somebody may have read it, make the bundle anew with another"
                                    + " passphrase.")
                    .asException();
        }
    }

    private static char[] firstLine(byte[] bytes, String from) {
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
        Arrays.fill(bytes, (byte) 0);
        char[] line = new char[decoded.remaining()];
        int length = 0;
        while (decoded.hasRemaining()) {
            char c = decoded.get();
            if (c == '\n' || c == '\r') {
                break;
            }
            line[length++] = c;
        }
        Arrays.fill(decoded.array(), ' ');
        char[] secret = Arrays.copyOf(line, length);
        Arrays.fill(line, ' ');
        if (length == 0) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "the first line of " + from + " is empty",
                            "The passphrase must stand there, alone.")
                    .asException();
        }
        return secret;
    }

    private char[] typed(String prompt) {
        char[] typed = session.terminal().keyboard().secret(prompt).orElse(new char[0]);
        if (typed.length == 0) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "no passphrase was given",
                            "Type it on a terminal, or use --passphrase-file FILE or " + COMMAND_VARIABLE + ".")
                    .asException();
        }
        return typed;
    }

    private char[] typedTwice() {
        char[] first = typed("new passphrase: ");
        if (!session.terminal().shape().inIsTerminal()) {
            return first;
        }
        char[] second = typed("the same again: ");
        boolean same = Arrays.equals(first, second);
        Arrays.fill(second, ' ');
        if (!same) {
            Arrays.fill(first, ' ');
            throw Problem.of(ProblemCode.USAGE, "the two passphrases differ", "Run the same command again.")
                    .asException();
        }
        return first;
    }

    /** The recovery key from its paper, over one or several lines; the caller closes it. */
    RecoveryKey recoveryKey() {
        char[] all = new char[0];
        while (symbols(all) < RECOVERY_SYMBOLS) {
            String prompt = all.length == 0 ? "recovery key, all 14 groups (not shown): " : "go on: ";
            Optional<char[]> line = session.terminal().keyboard().secret(prompt);
            if (line.isEmpty() || line.get().length == 0) {
                break;
            }
            all = joined(all, line.get());
        }
        if (all.length == 0) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "no recovery key was given",
                            "Type it from the paper, or pipe it into this command.")
                    .asException();
        }
        try {
            return RecoveryKey.parse(all);
        } finally {
            Arrays.fill(all, ' ');
        }
    }

    /** Letters and digits, without the numbers before colons. */
    private static int symbols(char[] text) {
        int count = 0;
        for (int at = 0; at < text.length; at++) {
            if (Character.isLetterOrDigit(text[at])) {
                count++;
            } else if (text[at] == ':') {
                for (int back = at - 1; back >= Math.max(0, at - 2) && Character.isDigit(text[back]); back--) {
                    count--;
                }
            }
        }
        return count;
    }

    private static char[] joined(char[] before, char[] line) {
        char[] both = Arrays.copyOf(before, before.length + line.length + 1);
        System.arraycopy(line, 0, both, before.length, line.length);
        both[both.length - 1] = '\n';
        Arrays.fill(before, ' ');
        Arrays.fill(line, ' ');
        return both;
    }
}
