package dev.holdfast.server.planted;

import dev.holdfast.core.elsewhere.internal.Inside;
import dev.holdfast.keys.realm.RealmKey;
import jakarta.mail.Address;

/** Opens, in the server, what only hosts may open; reaches into another package's own; writes mail. */
public final class Intruder {
    public void open(RealmKey key, Inside inside) {
        key.close();
        inside.touch();
    }

    public String post(Address to) {
        return to.toString();
    }
}
