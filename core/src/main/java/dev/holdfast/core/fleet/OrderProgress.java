package dev.holdfast.core.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.util.UUID;

/**
 * How far the work on an order is.
 *
 * @param phase what is done at the moment, in words for a person
 * @param totalFiles 0 as long as it is not known
 * @param notice something to tell at once; mostly empty
 */
public record OrderProgress(
        UUID order, String phase, long files, long bytes, long totalFiles, long totalBytes, String notice) {

    public void encode(Encoder out) {
        out.u64(order.getMostSignificantBits()).u64(order.getLeastSignificantBits());
        out.string(FleetLimits.clip(phase, FleetLimits.NAME_BYTES))
                .varint(files)
                .varint(bytes);
        out.varint(totalFiles).varint(totalBytes).string(FleetLimits.clip(notice));
    }

    public static OrderProgress decode(Decoder in) throws MalformedException {
        return new OrderProgress(
                Order.id(in),
                in.string(FleetLimits.NAME_BYTES),
                in.positive(),
                in.positive(),
                in.positive(),
                in.positive(),
                in.string(FleetLimits.TEXT_BYTES));
    }
}
