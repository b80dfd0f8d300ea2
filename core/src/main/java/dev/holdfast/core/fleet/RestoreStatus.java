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
 */
public record RestoreStatus(String host, Instant since, OpenRestore restore) {
    /** One that was left is a fault of the host: what is in its target is nothing that anybody ever had. */
    public boolean isWell() {
        return restore.running();
    }

    /** Whether it concerns volumes of that name. */
    public boolean concerns(String volume) {
        return restore.volume().equals(volume) || restore.source().endsWith("/" + volume);
    }

    public void encode(Encoder out) {
        out.string(host);
        FleetLimits.instant(out, Optional.of(since));
        restore.encode(out);
    }

    public static RestoreStatus decode(Decoder in) throws MalformedException {
        return new RestoreStatus(
                in.string(FleetLimits.NAME_BYTES),
                FleetLimits.instant(in).orElse(Instant.EPOCH),
                OpenRestore.decode(in));
    }
}
