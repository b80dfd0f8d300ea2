package dev.holdfast.server.planted;

import dev.holdfast.core.elsewhere.internal.Inside;
import dev.holdfast.keys.realm.RealmKey;

/** Opens, in the server, what only hosts may open; reaches into another package's own. */
public final class Intruder {
    public void open(RealmKey key, Inside inside) {
        key.close();
        inside.touch();
    }
}
