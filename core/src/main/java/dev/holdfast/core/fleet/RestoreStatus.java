package dev.holdfast.core.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.time.Instant;
import java.util.Optional;

/**
 * A restore that is at work on a host, or was left half done there.
 *
 * @param since when it was begun, or last taken up, by the server's clock
 * @param lastHeard when the server last heard of the host, where that has been away since it was said to be at work
 */
public record RestoreStatus(String host, Instant since, OpenRestore restore, Optional<Instant> lastHeard) {
    public RestoreStatus(String host, Instant since, OpenRestore restore) {
        this(host, since, restore, Optional.empty());
    }

    /** The same for whoever knows of no silence of hosts. */
    public RestoreStatus withoutLastHeard() {
        return new RestoreStatus(host, since, restore);
    }

    /** One that was left is a fault of the host: what is in its target is nothing that anybody ever had. */
    public boolean isWell() {
        return restore.running();
    }

    /** Whether it concerns volumes of that name. */
    public boolean concerns(String volume) {
        return restore.volume().equals(volume) || restore.source().endsWith("/" + volume);
    }

    /** All but {@link #lastHeard}. */
    public void encode(Encoder out) {
        out.string(host);
        FleetLimits.instant(out, Optional.of(since));
        restore.encode(out);
    }

    /** Also when the host was last heard of, which must be there. */
    public void encodeUnheard(Encoder out) {
        encode(out);
        FleetLimits.instant(out, lastHeard);
    }

    public static RestoreStatus decodeUnheard(Decoder in) throws MalformedException {
        RestoreStatus status = decode(in);
        return new RestoreStatus(status.host(), status.since(), status.restore(), FleetLimits.instant(in));
    }

    public static RestoreStatus decode(Decoder in) throws MalformedException {
        return new RestoreStatus(
                in.string(FleetLimits.NAME_BYTES),
                FleetLimits.instant(in).orElse(Instant.EPOCH),
                OpenRestore.decode(in));
    }
}
