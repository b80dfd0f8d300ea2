package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.StoredKeys;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a recovery key is worth that was handed over before a write that failed. The key store tells: when the write got as far as the
 * recovery key, the paper is the only one that there will ever be; when it did not, the next run makes another one.
 */
final class RecoveryPaper {
    private enum Worth {
        COUNTS,
        VOID,
        UNKNOWN
    }

    private static final int LONGEST = 4096;
    private static final String REMOVED =
            "The file is removed: the same command, when it succeeds, makes another recovery key.";

    private final Session session;
    private final Optional<Path> file;
    private final String where;

    /** @param file where it was written to instead of being shown */
    RecoveryPaper(Session session, Optional<Path> file) {
        this.session = session;
        this.file = file.map(session::resolve);
        this.where = file.map(name -> "in " + name).orElse("above");
    }

    /** For whoever leaves before anything was written. */
    String whenNothingWasWritten() {
        return "The recovery key " + where + " is VOID: throw away what was written down of it.";
    }

    void tell(SealingKey handedOver, KeyStore store, RuntimeException failure) {
        Worth worth = worth(handedOver, store, failure);
        String message = message(worth);
        boolean removed = worth == Worth.VOID && file.isPresent() && remove(file.get(), handedOver);
        if (session.options().json()) {
            session.json()
                    .line(
                            "recovery_key_worth",
                            json -> json.flag("void", worth == Worth.VOID)
                                    .flag("known", worth != Worth.UNKNOWN)
                                    .flag("removed", removed)
                                    .text("message", message));
        } else if (file.isEmpty() && !onOneScreen()) {
            // What was shown may be kept, printed or piped on, without what is said beside it.
            session.say(message);
            session.terminal().flush();
        }
        session.alarm(Problem.of(ProblemCode.KEY, message, removed ? REMOVED : hint(worth)));
    }

    /** Only while it holds that key: somebody may have put something else in its place meanwhile. */
    private static boolean remove(Path file, SealingKey written) {
        char[] text = new char[LONGEST];
        Arrays.fill(text, ' ');
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            if (in.read(text) <= 0) {
                return false;
            }
            try (RecoveryKey key = RecoveryKey.parse(text)) {
                return key.publicKey().equals(written) && Files.deleteIfExists(file);
            }
        } catch (IOException | KeyException e) {
            return false; // the person is told to throw it away
        } finally {
            Arrays.fill(text, ' ');
        }
    }

    private boolean onOneScreen() {
        Terminal.Shape shape = session.terminal().shape();
        return shape.outIsTerminal() && shape.errIsTerminal();
    }

    private static Worth worth(SealingKey handedOver, KeyStore store, RuntimeException failure) {
        try {
            if (new StoredKeys(store).findRecovery().filter(handedOver::equals).isPresent()) {
                return Worth.COUNTS;
            }
        } catch (KeyException e) {
            // What cannot be read may have been written.
            return Worth.UNKNOWN;
        }
        // A write that nobody answered may still arrive.
        boolean open = failure instanceof KeyException e && e.reason() == Reason.UNREACHABLE;
        return open ? Worth.UNKNOWN : Worth.VOID;
    }

    private String message(Worth worth) {
        return "THE RECOVERY KEY " + where
                + switch (worth) {
                    case COUNTS -> " COUNTS, although not all keys could be written";
                    case VOID -> " IS VOID: it could not be written, and it opens nothing";
                    case UNKNOWN -> " MAY BE VOID: whether it was written is not known";
                };
    }

    private static String hint(Worth worth) {
        return switch (worth) {
            case COUNTS -> "Keep the paper: it is not shown again. Run the same command again for the other keys.";
            case VOID ->
                "Throw that paper or file away: the same command, when it succeeds, makes another recovery key.";
            case UNKNOWN ->
                "Run the same command again: if it makes another recovery key, throw this one away; if not, `holdfast"
                        + " recovery-key check` tells whether it is right.";
        };
    }
}
