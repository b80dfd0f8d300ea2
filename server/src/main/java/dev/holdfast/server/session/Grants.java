package dev.holdfast.server.session;

import java.util.Optional;

/** Who may do what, asked anew for each act so that a changed configuration counts at once. */
public interface Grants {
    /** Whether the host is still one of ours. */
    boolean knows(String host);

    /** Whether it is a machine with backups, and not only a person who may know of those of others. */
    default boolean isHost(String name) {
        return knows(name);
    }

    /** Whether they may know how the backups of all hosts stand. */
    default boolean maySeeFleet(String name) {
        return false;
    }

    /** Whether they may start work on hosts. */
    default boolean mayOrder(String name) {
        return false;
    }

    /** The realm that the host's backups belong to. */
    Optional<String> realmOf(String host);

    /** Whether the host may read in a realm at all: its own, and those of local volumes that it may restore. */
    default boolean mayRead(String host, String realm) {
        return realmOf(host).filter(realm::equals).isPresent();
    }

    /** The keyring of a realm as it is now, without the lines of other machines; empty when there is none, or none for this host. */
    default Optional<String> keyringFor(String host, String realm) {
        return Optional.empty();
    }

    boolean mayBackUp(String host, String volume);

    boolean mayRestore(String host, String sourceHost, String volume);

    /** Most bytes that the server keeps for the host; {@code Long.MAX_VALUE} when there is no limit. */
    long quotaBytes(String host);
}
