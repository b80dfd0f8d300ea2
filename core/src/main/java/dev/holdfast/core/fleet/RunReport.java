package dev.holdfast.core.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.time.Duration;

/**
 * How a backup run of a host went, as its agent says.
 *
 * @param label when it began by the agent's clock, in milliseconds since 1970: it tells one run from another, and nothing else
 * @param by who wanted it: empty for the schedule, else an operator
 * @param ago how long before this was sent it ended, or began if it has only {@link Result#STARTED}
 */
public record RunReport(
        String volume, Result result, long label, String by, Duration ago, Duration took, Made made, Failure failure) {
    /** What became of it; the number is what crosses the wire. */
    public enum Result {
        STARTED(0, "started"),
        DONE(1, "done"),
        PARTIAL(2, "partial"),
        FAILED(3, "failed"),
        /** The agent ended during the run, which goes on when there is one again. */
        INTERRUPTED(4, "interrupted"),
        /** Nobody was there to run it, and nobody wants it made up for. */
        SKIPPED(5, "skipped"),
        /** Whoever wanted it wants it no more: neither a snapshot nor a failure. */
        CANCELLED(6, "cancelled");

        private final int number;
        private final String word;

        Result(int number, String word) {
            this.number = number;
            this.word = word;
        }

        int number() {
            return number;
        }

        public String word() {
            return word;
        }

        /** Whether there is a snapshot. */
        public boolean isGood() {
            return this == DONE || this == PARTIAL;
        }

        static Result ofNumber(int number) throws MalformedException {
            for (Result result : values()) {
                if (result.number == number) {
                    return result;
                }
            }
            throw new MalformedException("result " + number + " of a run");
        }
    }

    /** The snapshot that was made; {@link #NOTHING} without one. */
    public record Made(String snapshot, long files, long bytes, long bytesSent, long unreadable) {
        public static final Made NOTHING = new Made("", 0, 0, 0, 0);
    }

    /** Why there is none, in words for a person; {@code code} is a label such as {@code HF-UNREACHABLE}. */
    public record Failure(String code, String message, String hint) {
        public static final Failure NONE = new Failure("", "", "");
    }

    /** Whether both tell of the same run, and the same of it. */
    public boolean repeats(RunReport other) {
        return volume.equals(other.volume) && label == other.label && result == other.result;
    }

    public void encode(Encoder out) {
        out.string(volume).u8(result.number).u64(label).string(by);
        FleetLimits.duration(out, ago);
        FleetLimits.duration(out, took);
        out.string(made.snapshot)
                .varint(made.files)
                .varint(made.bytes)
                .varint(made.bytesSent)
                .varint(made.unreadable);
        out.string(failure.code).string(FleetLimits.clip(failure.message)).string(FleetLimits.clip(failure.hint));
    }

    public static RunReport decode(Decoder in) throws MalformedException {
        return new RunReport(
                in.string(FleetLimits.NAME_BYTES),
                Result.ofNumber(in.u8()),
                in.u64(),
                in.string(FleetLimits.NAME_BYTES),
                FleetLimits.duration(in),
                FleetLimits.duration(in),
                new Made(in.string(FleetLimits.NAME_BYTES), in.positive(), in.positive(), in.positive(), in.positive()),
                new Failure(
                        in.string(FleetLimits.NAME_BYTES),
                        in.string(FleetLimits.TEXT_BYTES),
                        in.string(FleetLimits.TEXT_BYTES)));
    }
}
