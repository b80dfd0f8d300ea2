package dev.holdfast.server.daemon;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.VolumeStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state of all volumes, and of the restores on their hosts that have not come to their end, as it goes through the control socket. */
public record FleetStatus(List<VolumeStatus> volumes, List<RestoreStatus> restores) {
    private static final int MOST = 1 << 20;

    public FleetStatus {
        volumes = List.copyOf(volumes);
        restores = List.copyOf(restores);
    }

    byte[] encode() {
        Encoder out = new Encoder(4096).varint(volumes.size());
        volumes.forEach(one -> one.encode(out));
        out.varint(restores.size());
        restores.forEach(one -> one.encode(out));
        restores.forEach(
                one -> out.varint(one.lastHeard().map(Instant::toEpochMilli).orElse(0L)));
        return out.toBytes();
    }

    static FleetStatus decode(byte[] bytes) throws MalformedException {
        Decoder in = new Decoder(bytes);
        List<VolumeStatus> volumes = new ArrayList<>();
        for (int left = in.count(MOST); left > 0; left--) {
            volumes.add(VolumeStatus.decode(in));
        }
        List<RestoreStatus> restores = new ArrayList<>();
        // A server of the version before, which still runs, knows of none.
        for (int left = in.left() == 0 ? 0 : in.count(MOST); left > 0; left--) {
            restores.add(RestoreStatus.decode(in));
        }
        // Nor did one of the version before say when it last heard of a host.
        for (int at = 0; in.left() > 0 && at < restores.size(); at++) {
            long heard = in.positive();
            RestoreStatus one = restores.get(at);
            restores.set(
                    at,
                    new RestoreStatus(
                            one.host(),
                            one.since(),
                            one.restore(),
                            heard == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(heard))));
        }
        in.end();
        return new FleetStatus(volumes, restores);
    }
}
