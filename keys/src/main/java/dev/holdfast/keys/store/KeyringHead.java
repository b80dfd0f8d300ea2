package dev.holdfast.keys.store;

import dev.holdfast.keys.realm.Keyring;
import java.nio.charset.StandardCharsets;

/** What a keyring says of its realm key in the clear, for those who keep one and cannot open it. */
public final class KeyringHead {
    private final Keyring keyring;

    private KeyringHead(Keyring keyring) {
        this.keyring = keyring;
    }

    /** Throws {@code MALFORMED} for anything that is no whole keyring. */
    public static KeyringHead parse(byte[] text) {
        return new KeyringHead(Keyring.parse(new String(text, StandardCharsets.UTF_8)));
    }

    public String realm() {
        return keyring.realm();
    }

    /** Whether whoever can open this keyring can read what was locked with the other. */
    public boolean goesOnFrom(KeyringHead before) {
        return keyring.goesOnFrom(before.keyring);
    }
}
