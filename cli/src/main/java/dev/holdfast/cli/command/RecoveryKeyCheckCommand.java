package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.KeyStores;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.StoredKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "check",
        description = {
            "Asks for the recovery key and says whether it is the right one and opens every realm key.",
            "Do this once after writing it down, and once a year. Nothing is stored."
        })
final class RecoveryKeyCheckCommand implements Callable<Integer> {
    private final Session session;

    RecoveryKeyCheckCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return KeyProblem.translate(() -> {
            try (KeyStore store = store(session.configuration());
                    RecoveryKey typed = new SecretInput(session).recoveryKey()) {
                List<String> opened = compare(typed, store);
                if (session.options().json()) {
                    session.json()
                            .line("summary", json -> json.flag("right", true).texts("realms", opened));
                } else {
                    session.say("the recovery key is right; it opens the keys of: " + String.join(", ", opened));
                }
            }
            return 0;
        });
    }

    /** The key store if it is here, else what {@code configure} brought. */
    private KeyStore store(Configuration configuration) {
        return KeyStores.isHere(configuration)
                ? session.keyStores().open(configuration)
                : new DirectoryKeyStore(new StateFolder(
                                session.stateDirectory(),
                                session.identity(configuration).name())
                        .keys());
    }

    private static List<String> compare(RecoveryKey typed, KeyStore store) {
        StoredKeys stored = new StoredKeys(store);
        Optional<SealingKey> known = stored.findRecovery();
        if (known.isPresent() && !known.get().equals(typed.publicKey())) {
            throw Problem.of(
                            ProblemCode.KEY,
                            "the recovery key is well-formed, but not the one of " + store.describe(),
                            "Look for the paper that was written when this key store was made.")
                    .asException();
        }
        List<String> opened = new ArrayList<>();
        for (String realm : store.realms()) {
            try (RealmKey key = stored.keyring(realm).unwrapWithRecovery(typed)) {
                opened.add(key.realm());
            }
        }
        if (opened.isEmpty()) {
            throw Problem.of(
                            ProblemCode.KEY,
                            "there is no realm key to try the recovery key on in " + store.describe(),
                            "Run `holdfast keygen --all` first.")
                    .asException();
        }
        return opened;
    }
}
