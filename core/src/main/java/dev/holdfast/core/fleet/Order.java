package dev.holdfast.core.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Work that an operator wants done on a host now. There is nothing in it that names a folder or a program: a volume is backed up, or
 * restored into a volume, by what the configuration of that host says of them.
 *
 * @param id chosen by whoever gives the order
 * @param by who gave it, as the server says; what the operator writes there counts for nothing
 * @param what what a restore needs to know beside the volume; {@link Restore#NONE} for all else
 */
public record Order(UUID id, Kind kind, String by, String host, String volume, Restore what) {
    public static final int MOST_PATHS = 32;

    /** The number is what crosses the wire. */
    public enum Kind {
        BACKUP(0, "backup"),
        RESTORE(1, "restore"),
        /** What a restore would do; nothing is changed. */
        PLAN(2, "plan of a restore"),
        /** What is under way with the volume is not wanted any more, whoever wanted it. */
        CANCEL(3, "cancellation");

        private final int number;
        private final String word;

        Kind(int number, String word) {
            this.number = number;
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * Which snapshot, and where to; empty texts are what the command takes when nothing is said.
     *
     * @param source the host whose volume it was
     * @param paths only these of it
     * @param keepOthers whether what the snapshot does not have stays
     */
    public record Restore(
            String source, String toVolume, String at, String snapshot, List<String> paths, boolean keepOthers) {
        public static final Restore NONE = new Restore("", "", "", "", List.of(), false);

        public Restore {
            paths = List.copyOf(paths);
            if (paths.size() > MOST_PATHS) {
                throw new IllegalArgumentException(paths.size() + " paths in one order");
            }
        }
    }

    /** The same, given by somebody. */
    public Order by(String who) {
        return new Order(id, kind, who, host, volume, what);
    }

    /** The same, given once more. */
    public Order again(UUID number) {
        return new Order(number, kind, by, host, volume, what);
    }

    public void encode(Encoder out) {
        out.u64(id.getMostSignificantBits()).u64(id.getLeastSignificantBits()).u8(kind.number);
        out.string(by).string(host).string(volume).string(what.source);
        out.string(what.toVolume).string(what.at).string(what.snapshot).u8(what.keepOthers ? 1 : 0);
        out.varint(what.paths.size());
        what.paths.forEach(out::string);
    }

    public static Order decode(Decoder in) throws MalformedException {
        UUID id = id(in);
        Kind kind = kind(in.u8());
        String by = name(in);
        String host = name(in);
        String volume = name(in);
        String source = name(in);
        String toVolume = name(in);
        String at = name(in);
        String snapshot = name(in);
        boolean keepOthers = FleetLimits.flag(in);
        List<String> paths = new ArrayList<>();
        for (int left = in.count(MOST_PATHS); left > 0; left--) {
            paths.add(in.string(FleetLimits.PATH_BYTES));
        }
        Restore what = new Restore(source, toVolume, at, snapshot, paths, keepOthers);
        return new Order(id, kind, by, host, volume, what);
    }

    private static Kind kind(int number) throws MalformedException {
        for (Kind kind : Kind.values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        throw new MalformedException("an order of kind " + number);
    }

    static UUID id(Decoder in) throws MalformedException {
        return new UUID(in.u64(), in.u64());
    }

    private static String name(Decoder in) throws MalformedException {
        return in.string(FleetLimits.NAME_BYTES);
    }
}
