package dev.holdfast.core.config;

import java.util.List;

/** A domain of trust and deduplication: hosts that share a key, and whether the server shares it too. */
public record Realm(String name, ServerRole server, List<String> members) {
    /** The realm there is when none is configured. */
    public static final String DEFAULT_NAME = "default";

    public Realm {
        members = List.copyOf(members);
    }

    /** What the server may do with what it keeps. */
    public enum ServerRole {
        /** Holds the key: may browse, drill and export. */
        TRUSTED,
        /** Keeps ciphertext only. */
        SEALED
    }

    public boolean serverTrusted() {
        return server == ServerRole.TRUSTED;
    }
}
