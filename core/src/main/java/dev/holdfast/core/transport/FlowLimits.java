package dev.holdfast.core.transport;

import java.time.Duration;

/**
 * How much may be under way on one channel, and when a silent peer counts as dead: after three unanswered heartbeats.
 * {@code windowBytes} bounds what either end buffers for a channel and each way.
 */
public record FlowLimits(long windowBytes, int packetBytes, long rekeyBytes, Duration heartbeat) {
    private static final int PACKET_CEILING = 250_000;

    public FlowLimits {
        if (packetBytes < 4096 || packetBytes > PACKET_CEILING) {
            throw new IllegalArgumentException(
                    "packet size " + packetBytes + " is not within 4096 to " + PACKET_CEILING);
        }
        if (windowBytes < 4L * packetBytes || windowBytes > 256L << 20) {
            throw new IllegalArgumentException("window " + windowBytes + " is not within 4 packets to 256 MiB");
        }
        if (rekeyBytes < 1 << 20) {
            throw new IllegalArgumentException("rekeying after " + rekeyBytes + " bytes is too often");
        }
        if (heartbeat.isNegative() || heartbeat.isZero()) {
            throw new IllegalArgumentException("heartbeat " + heartbeat + " is not positive");
        }
    }

    /** 8 MiB window, 128 KiB packets, new keys every 32 GiB, a heartbeat after 15 silent seconds. */
    public static FlowLimits standard() {
        return new FlowLimits(8L << 20, 128 * 1024, 32L << 30, Duration.ofSeconds(15));
    }

    public FlowLimits withRekeyBytes(long bytes) {
        return new FlowLimits(windowBytes, packetBytes, bytes, heartbeat);
    }

    public FlowLimits withHeartbeat(Duration interval) {
        return new FlowLimits(windowBytes, packetBytes, rekeyBytes, interval);
    }
}
