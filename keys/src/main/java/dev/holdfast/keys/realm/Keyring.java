package dev.holdfast.keys.realm;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.keys.seal.SealingSecret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A realm key, wrapped for everybody who may use it: the machines of the realm and the recovery key. Public, and a value: the
 * {@code with...} methods give another one. The text form is in {@link KeyringText}.
 *
 * <p>Whoever can write a keyring can lock others out but cannot read anything by it; who shall be a recipient is therefore taken
 * from the configuration whenever a keyring is made anew, never from the keyring before.
 */
public final class Keyring {
    /** Whom a line is for. */
    public enum Kind {
        MACHINE,
        RECOVERY
    }

    /** One who can unwrap the realm key, known by public key. */
    public record Recipient(Kind kind, String name, SealingKey key) {
        public Recipient {
            KeyName.require("recipient", name);
        }
    }

    /** The name under which the recovery key is listed. */
    public static final String RECOVERY_NAME = "recovery";

    static final String WRAP_LABEL = "holdfast realm v1";

    private final String realm;
    private final byte[] realmId;
    private final int epoch;
    private final List<Line> lines;

    @SuppressWarnings("ArrayRecordComponent")
    record Line(Recipient recipient, byte[] wrapped) {}

    Keyring(String realm, byte[] realmId, int epoch, List<Line> lines) {
        this.realm = KeyName.require("realm", realm);
        this.realmId = realmId;
        this.epoch = epoch;
        this.lines = List.copyOf(lines);
    }

    /** The keyring of {@code key} that nobody can open yet. */
    public static Keyring empty(RealmKey key) {
        return new Keyring(key.realm(), key.realmId(), key.currentEpoch(), List.of());
    }

    /** Reads the text form. Throws {@code MALFORMED} for anything that {@link #encode} did not write. */
    public static Keyring parse(String text) {
        return KeyringText.parse(text);
    }

    public String encode() {
        return KeyringText.encode(this);
    }

    public String realm() {
        return realm;
    }

    public byte[] realmId() {
        return realmId.clone();
    }

    /** The newest epoch in the wrapped key. */
    public int epoch() {
        return epoch;
    }

    /** Whether it is of the same realm key, as new or newer: whoever can open it can read what was locked with the other. */
    public boolean goesOnFrom(Keyring before) {
        return realm.equals(before.realm) && Arrays.equals(realmId, before.realmId) && epoch >= before.epoch;
    }

    public List<Recipient> recipients() {
        return lines.stream().map(Line::recipient).toList();
    }

    List<Line> lines() {
        return lines;
    }

    /** Also wrapped for {@code recipient}; a line for the same public key is replaced. {@code key} must be this keyring's. */
    public Keyring withRecipient(Recipient recipient, RealmKey key, SecureRandom random) {
        if (!key.realm().equals(realm) || !Arrays.equals(key.realmId(), realmId) || key.currentEpoch() != epoch) {
            throw new IllegalArgumentException("the key of another realm or epoch");
        }
        byte[] secret = key.encode();
        byte[] wrapped = recipient.key().wrap(info(), secret, random);
        Arrays.fill(secret, (byte) 0);
        List<Line> more = new ArrayList<>(lines);
        more.removeIf(line -> line.recipient().key().equals(recipient.key()));
        more.add(new Line(recipient, wrapped));
        return new Keyring(realm, realmId, epoch, more);
    }

    /** Without the line for that public key. What its holder unwrapped before stays known: start a new epoch too. */
    public Keyring withoutRecipient(SealingKey key) {
        return new Keyring(
                realm,
                realmId,
                epoch,
                lines.stream()
                        .filter(line -> !line.recipient().key().equals(key))
                        .toList());
    }

    public boolean opensFor(SealingKey key) {
        return find(key).isPresent();
    }

    /** The realm key, for a machine. Throws {@code MISSING} when it is no recipient, {@code WRONG} when its line is false. */
    public RealmKey unwrap(SealingSecret secret) {
        Line line = find(secret.publicKey())
                .orElseThrow(
                        () -> new KeyException(
                                KeyException.Reason.MISSING,
                                "this machine's key is not in the keyring of realm '" + realm + "'",
                                "Make it a member in the configuration, then run `holdfast keygen --all` where the key store is."));
        return decode(secret.unwrap(info(), line.wrapped()));
    }

    /** The realm key, for the holder of the paper. */
    public RealmKey unwrapWithRecovery(RecoveryKey recovery) {
        Line line = find(recovery.publicKey())
                .orElseThrow(() -> new KeyException(
                        KeyException.Reason.WRONG,
                        "keyring of realm '" + realm + "' was made for another recovery key",
                        "Look for the paper that was written when this key store was made."));
        return decode(recovery.unwrap(info(), line.wrapped()));
    }

    private RealmKey decode(byte[] secret) {
        RealmKey key = RealmKey.decode(secret);
        Arrays.fill(secret, (byte) 0);
        if (!key.realm().equals(realm) || !Arrays.equals(key.realmId(), realmId) || key.currentEpoch() != epoch) {
            key.close();
            throw new KeyException(
                    KeyException.Reason.WRONG,
                    "keyring of realm '" + realm + "' holds the key of something else",
                    "Somebody changed it. " + KeyException.TAKE_AGAIN);
        }
        return key;
    }

    private Optional<Line> find(SealingKey key) {
        return lines.stream().filter(line -> line.recipient().key().equals(key)).findFirst();
    }

    private byte[] info() {
        byte[] label = WRAP_LABEL.getBytes(StandardCharsets.US_ASCII);
        byte[] info = Arrays.copyOf(label, label.length + realmId.length);
        System.arraycopy(realmId, 0, info, label.length, realmId.length);
        return info;
    }

    @Override
    public String toString() {
        return "Keyring of realm '" + realm + "', epoch " + epoch + ", " + lines.size() + " recipients";
    }
}
