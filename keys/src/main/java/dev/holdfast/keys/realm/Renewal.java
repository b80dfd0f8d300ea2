package dev.holdfast.keys.realm;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.realm.Keyring.Recipient;
import dev.holdfast.keys.seal.SealingSecret;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * A newer key of a realm, from somebody who need not be trusted, such as a server of a sealed realm. Anybody can wrap something for a
 * machine, whose sealing key is public. So a renewal is believed only as far as it can be proved: it must hold the same root secret and
 * all the epochs that the machine has. Whoever never had the realm key cannot make one. Whoever had it once, as a thief of another
 * member has, can; against them only the {@link #checkCode} helps, which a person brings from where the key was renewed.
 */
public final class Renewal implements AutoCloseable {
    private final Keyring installed;
    private final RealmKey key;

    private Renewal(Keyring installed, RealmKey key) {
        this.installed = installed;
        this.key = key;
    }

    /**
     * Empty when {@code given} is no newer than what is installed.
     *
     * @throws KeyException {@code MISSING} when it is not for this machine, {@code WRONG} when it does not go on from what is installed
     */
    public static Optional<Renewal> of(Keyring installed, Keyring given, SealingSecret own) {
        if (!given.realm().equals(installed.realm()) || given.epoch() <= installed.epoch()) {
            return Optional.empty();
        }
        try (RealmKey before = installed.unwrap(own)) {
            RealmKey key = given.unwrap(own);
            if (key.goesOnFrom(before)) {
                return Optional.of(new Renewal(installed, key));
            }
            key.close();
            throw new KeyException(
                    Reason.WRONG,
                    "what was given as epoch " + given.epoch() + " of the key of realm '" + installed.realm()
                            + "' was made by somebody who does not have that key",
                    "Nothing was changed. Look after the server that gave it: somebody may have taken it over.");
        }
    }

    public int epoch() {
        return key.currentEpoch();
    }

    public CheckCode checkCode() {
        return key.checkCode();
    }

    /** What to install: for the machine itself, and for the recovery key as the machine knew it before. */
    public Keyring keyring(String machine, SealingSecret own, SecureRandom random) {
        Keyring keyring = Keyring.empty(key);
        for (Recipient recipient : installed.recipients()) {
            if (recipient.kind() == Kind.RECOVERY) {
                keyring = keyring.withRecipient(recipient, key, random);
            }
        }
        Recipient self = new Recipient(Kind.MACHINE, KeyName.require("machine", machine), own.publicKey());
        return keyring.withRecipient(self, key, random);
    }

    /** Wipes the key. */
    @Override
    public void close() {
        key.close();
    }
}
