package dev.holdfast.server.session;

import java.util.Optional;

/** Grants that allow nothing; what somebody may all the same is for an implementation to say. */
public interface NoGrants extends Grants {
    @Override
    default boolean knows(String host) {
        return false;
    }

    @Override
    default Optional<String> realmOf(String host) {
        return Optional.empty();
    }

    @Override
    default boolean mayBackUp(String host, String volume) {
        return false;
    }

    @Override
    default boolean mayRestore(String host, String sourceHost, String volume) {
        return false;
    }

    @Override
    default long quotaBytes(String host) {
        return 0;
    }
}
