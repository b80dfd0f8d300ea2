package dev.holdfast.server.transport;

import dev.holdfast.keys.machine.SshPublicKey;
import java.util.Optional;

/** Decides from a key alone which host a client is. Asked at each login, from several threads, so it must be quick. */
@FunctionalInterface
public interface Authorizer {
    /** The host that owns this key, or nothing; {@code user} is what the client calls itself: a label. */
    Optional<String> hostOf(SshPublicKey key, String user);
}
