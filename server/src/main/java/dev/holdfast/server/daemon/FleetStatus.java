package dev.holdfast.server.daemon;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.fleet.VolumeStatus;
import java.util.ArrayList;
import java.util.List;

/** The state of all volumes as it goes through the control socket. */
final class FleetStatus {
    private static final int MOST = 1 << 20;

    private FleetStatus() {}

    static byte[] encode(List<VolumeStatus> volumes) {
        Encoder out = new Encoder(4096).varint(volumes.size());
        volumes.forEach(one -> one.encode(out));
        return out.toBytes();
    }

    static List<VolumeStatus> decode(byte[] bytes) throws MalformedException {
        Decoder in = new Decoder(bytes);
        List<VolumeStatus> volumes = new ArrayList<>();
        for (int left = in.count(MOST); left > 0; left--) {
            volumes.add(VolumeStatus.decode(in));
        }
        in.end();
        return volumes;
    }
}
