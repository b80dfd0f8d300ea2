package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import java.time.Instant;

/** The last that a host has told of the runs of a volume. */
record LastRun(RunReport report, Instant at) {
    VolumeStatus.Run shown() {
        return new VolumeStatus.Run(report.result(), at, report.took(), report.by(), report.failure());
    }
}
