package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
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

    /** A backup that was due is not there. */
    void overdue(VolumeStatus status);

    /** A volume that was overdue, or whose last run had failed, has a snapshot as it should. */
    void recovered(VolumeStatus status);

    FleetListener NONE = new FleetListener() {
        @Override
        public void ended(String host, RunReport report, Instant at) {}

        @Override
        public void overdue(VolumeStatus status) {}

        @Override
        public void recovered(VolumeStatus status) {}
    };
}
