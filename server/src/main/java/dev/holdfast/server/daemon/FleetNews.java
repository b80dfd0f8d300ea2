package dev.holdfast.server.daemon;

import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.server.fleet.Fleet;
import dev.holdfast.server.fleet.FleetListener;
import dev.holdfast.server.notify.Cause;
import dev.holdfast.server.notify.Notifications;
import java.time.Instant;
import java.util.Optional;

/** Passes on to the notifications what the fleet learns. What they can see for themselves only makes them look. */
final class FleetNews implements FleetListener {
    private volatile Optional<Notifications> notifications = Optional.empty();

    /** Opens the fleet that this is news of. */
    Fleet follow(ServerSetup setup, Expectations expectations) {
        return Fleet.open(setup.state().resolve("fleet"), expectations, setup.clock(), this);
    }

    /** From now on; what comes before is seen at their first look. */
    void goTo(Notifications reader) {
        notifications = Optional.of(reader);
    }

    @Override
    public void ended(String host, RunReport report, Instant at) {
        RunReport.Failure why = report.failure();
        boolean failed = report.result() == RunReport.Result.FAILED;
        notifications.ifPresent(reader -> {
            if (failed) {
                reader.failed(host, report.volume(), new Cause(why.code(), why.message(), why.hint()), at);
            } else {
                reader.wake();
            }
        });
    }
}
