package dev.holdfast.core.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.time.Duration;

/**
 * A restore on a host that has been begun and has not come to its end, as its agent says: it is at work, or was broken off.
 *
 * @param target the folder that it goes to
 * @param volume of the host that the folder is; empty for a mere folder
 * @param snapshot the short form of its id
 * @param source whose snapshot that is, such as {@code alice/documents}; empty when nobody knows
 * @param whole whether all of it is restored, not some of its paths only
 * @param running whether it is at work
 * @param again the command line that goes on with it on the host; empty when nobody knows
 */
public record OpenRestore(
        String target, String volume, String snapshot, String source, boolean whole, boolean running, String again) {
    /** How many of them a host tells of. */
    public static final int MOST = 16;

    private static final int WHOLE = 1;
    private static final int RUNNING = 2;

    /** One and the time since it was begun, or last taken up. */
    public record Told(OpenRestore restore, Duration ago) {
        public void encode(Encoder out) {
            restore.encode(out);
            FleetLimits.duration(out, ago);
        }

        public static Told decode(Decoder in) throws MalformedException {
            return new Told(OpenRestore.decode(in), FleetLimits.duration(in));
        }
    }

    public void encode(Encoder out) {
        out.string(FleetLimits.clip(target, FleetLimits.PATH_BYTES));
        out.string(FleetLimits.clip(volume, FleetLimits.NAME_BYTES));
        out.string(FleetLimits.clip(snapshot, FleetLimits.NAME_BYTES));
        out.string(FleetLimits.clip(source, FleetLimits.SOURCE_BYTES));
        out.u8((whole ? WHOLE : 0) | (running ? RUNNING : 0));
        String line = FleetLimits.clip(again, FleetLimits.PATH_BYTES);
        out.string(line.equals(again) ? again : ""); // half a command does something else
    }

    public static OpenRestore decode(Decoder in) throws MalformedException {
        String target = in.string(FleetLimits.PATH_BYTES);
        String volume = in.string(FleetLimits.NAME_BYTES);
        String snapshot = in.string(FleetLimits.NAME_BYTES);
        String source = in.string(FleetLimits.SOURCE_BYTES);
        int flags = in.u8();
        if (flags > (WHOLE | RUNNING)) {
            throw new MalformedException("flags " + flags + " of a restore");
        }
        return new OpenRestore(
                target,
                volume,
                snapshot,
                source,
                (flags & WHOLE) != 0,
                (flags & RUNNING) != 0,
                in.string(FleetLimits.PATH_BYTES));
    }
}
