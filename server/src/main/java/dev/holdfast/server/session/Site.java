package dev.holdfast.server.session;

import dev.holdfast.server.store.Repository;
import java.time.InstantSource;

/**
 * What all sessions of one server share.
 *
 * @param activity told what happens, for status and logs
 * @param locals the volumes that lie on the server itself
 * @param fleet the agents that stay, and what is known of their work
 */
public record Site(
        Repository repository,
        Grants grants,
        InstantSource clock,
        String software,
        Activity activity,
        LocalSnapshots locals,
        FleetDesk fleet) {}
