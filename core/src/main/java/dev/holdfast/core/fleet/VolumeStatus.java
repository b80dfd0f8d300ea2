package dev.holdfast.core.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How one volume of one host stands on a server, all times by the server's clock.
 *
 * @param schedule when it is backed up by itself, as the configuration has it; empty for never
 * @param last the newest snapshot that is there
 * @param next when the next one is due
 * @param overdueSince when the one should have come that has not
 * @param running since when a backup of it is under way
 * @param run how the last run that the agent has told of went
 */
public record VolumeStatus(
        String host,
        String volume,
        String schedule,
        Optional<Snapshot> last,
        Optional<Instant> next,
        Optional<Instant> overdueSince,
        Optional<Instant> running,
        Optional<Run> run,
        Agent agent) {
    /** {@code brief} is the short form of its id; a damaged history may have lost newer ones. */
    public record Snapshot(
            String brief, Instant received, boolean partial, boolean damagedHistory, long files, long bytes) {}

    /**
     * The last run that was told of.
     *
     * @param ended or began, if it has only started
     */
    public record Run(RunReport.Result result, Instant ended, Duration took, String by, RunReport.Failure failure) {}

    /**
     * The agent of the host.
     *
     * @param connected whether it is there
     * @param paused whether somebody has stopped its schedule
     * @param since when it came or went; empty when it never was there
     */
    public record Agent(boolean connected, boolean paused, Optional<Instant> since) {
        public static final Agent NEVER = new Agent(false, false, Optional.empty());
    }

    public boolean overdue() {
        return overdueSince.isPresent();
    }

    /** Whether the last run made no snapshot, and there has been none since. */
    public boolean failed() {
        return run.filter(one -> one.result == RunReport.Result.FAILED)
                .filter(one -> last.filter(snapshot -> snapshot.received().isAfter(one.ended))
                        .isEmpty())
                .isPresent();
    }

    public boolean isWell() {
        return !overdue() && !failed();
    }

    public void encode(Encoder out) {
        out.string(host).string(volume).string(FleetLimits.clip(schedule, FleetLimits.SCHEDULE_BYTES));
        out.u8((last.isPresent() ? 1 : 0) | (run.isPresent() ? 2 : 0));
        last.ifPresent(one -> out.string(one.brief)
                .u64(one.received.toEpochMilli())
                .u8((one.partial ? 1 : 0) | (one.damagedHistory ? 2 : 0))
                .varint(one.files)
                .varint(one.bytes));
        FleetLimits.instant(out, next);
        FleetLimits.instant(out, overdueSince);
        FleetLimits.instant(out, running);
        run.ifPresent(one -> {
            out.u8(one.result.number()).u64(one.ended.toEpochMilli());
            FleetLimits.duration(out, one.took);
            out.string(one.by).string(one.failure.code());
            out.string(FleetLimits.clip(one.failure.message())).string(FleetLimits.clip(one.failure.hint()));
        });
        out.u8((agent.connected ? 1 : 0) | (agent.paused ? 2 : 0));
        FleetLimits.instant(out, agent.since);
    }

    public static VolumeStatus decode(Decoder in) throws MalformedException {
        String host = in.string(FleetLimits.NAME_BYTES);
        String volume = in.string(FleetLimits.NAME_BYTES);
        String schedule = in.string(FleetLimits.SCHEDULE_BYTES);
        int has = flags(in);
        Optional<Snapshot> last = (has & 1) != 0 ? Optional.of(snapshot(in)) : Optional.empty();
        Optional<Instant> next = FleetLimits.instant(in);
        Optional<Instant> overdueSince = FleetLimits.instant(in);
        Optional<Instant> running = FleetLimits.instant(in);
        Optional<Run> run = (has & 2) != 0 ? Optional.of(run(in)) : Optional.empty();
        int agent = flags(in);
        return new VolumeStatus(
                host,
                volume,
                schedule,
                last,
                next,
                overdueSince,
                running,
                run,
                new Agent((agent & 1) != 0, (agent & 2) != 0, FleetLimits.instant(in)));
    }

    private static int flags(Decoder in) throws MalformedException {
        int flags = in.u8();
        if (flags > 3) {
            throw new MalformedException("flags " + flags + " of a status");
        }
        return flags;
    }

    private static Snapshot snapshot(Decoder in) throws MalformedException {
        String brief = in.string(FleetLimits.NAME_BYTES);
        Instant received = Instant.ofEpochMilli(in.u64());
        int flags = flags(in);
        return new Snapshot(brief, received, (flags & 1) != 0, (flags & 2) != 0, in.positive(), in.positive());
    }

    private static Run run(Decoder in) throws MalformedException {
        return new Run(
                RunReport.Result.ofNumber(in.u8()),
                Instant.ofEpochMilli(in.u64()),
                FleetLimits.duration(in),
                in.string(FleetLimits.NAME_BYTES),
                new RunReport.Failure(
                        in.string(FleetLimits.NAME_BYTES),
                        in.string(FleetLimits.TEXT_BYTES),
                        in.string(FleetLimits.TEXT_BYTES)));
    }
}
