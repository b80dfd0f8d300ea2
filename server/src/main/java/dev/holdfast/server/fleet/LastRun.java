package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import java.time.Instant;

/** The last that a host has told of the runs of a volume. */
record LastRun(RunReport report, Instant at) {
    static final String RESTORE_ENDED =
            "That restore has ended since; the next backup of the volume goes on without it.";

    /** The same after that restore has ended: what failed for its sake needs nothing of the kind any more. */
    LastRun after(OpenRestore ended) {
        RunReport.Failure why = report.failure();
        if (!why.message().contains("snapshot " + ended.snapshot())
                || !why.message().contains(" into " + ended.target())) {
            return this;
        }
        RunReport told = new RunReport(
                report.volume(),
                report.result(),
                report.label(),
                report.by(),
                report.ago(),
                report.took(),
                report.made(),
                new RunReport.Failure(why.code(), why.message(), RESTORE_ENDED));
        return new LastRun(told, at);
    }

    VolumeStatus.Run shown() {
        return new VolumeStatus.Run(report.result(), at, report.took(), report.by(), report.failure());
    }
}
