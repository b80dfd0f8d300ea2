package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.RunReport;
import java.time.Instant;

/**
 * Told what somebody may want to hear of. Called from one thread at a time, never twice for the same thing, also not after the server
 * was started anew; must return soon, and what it throws is only logged.
 */
public interface FleetListener {
    /**
     * The agent of a host has told how a run ended (never {@code STARTED}), perhaps long after: then it was not connected.
     *
     * @param at when it ended, by the server's clock
     */
    void ended(String host, RunReport report, Instant at);
}
