package dev.holdfast.core.wire;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The part of {@link MessageCodec} that is about schedules, outcomes and orders; the fields are those of {@code core.fleet}. */
final class FleetMessages {
    private static final int MAX_NAME = SnapshotSummary.MAX_NAME_BYTES;

    private FleetMessages() {}

    static MessageType encode(Message message, Encoder out) {
        if (message instanceof Message.Announce m) {
            m.announcement().encode(out.u8(MessageType.ANNOUNCE.number()));
            return MessageType.ANNOUNCE;
        } else if (message instanceof Message.Report m) {
            m.report().encode(out.u8(MessageType.REPORT.number()));
            return MessageType.REPORT;
        } else if (message instanceof Message.AskFleet m) {
            out.u8(MessageType.ASK_FLEET.number()).string(m.host()).string(m.volume());
            return MessageType.ASK_FLEET;
        } else if (message instanceof Message.FleetItem m) {
            m.status().encode(out.u8(MessageType.FLEET_ITEM.number()));
            return MessageType.FLEET_ITEM;
        } else if (message instanceof Message.Restores m) {
            out.u8(MessageType.RESTORES.number()).varint(m.restores().size());
            m.restores().forEach(one -> one.encode(out));
            return MessageType.RESTORES;
        } else if (message instanceof Message.RestoreItem m
                && m.status().lastHeard().isPresent()) {
            m.status().encodeUnheard(out.u8(MessageType.RESTORE_UNHEARD.number()));
            return MessageType.RESTORE_UNHEARD;
        } else if (message instanceof Message.RestoreItem m) {
            m.status().encode(out.u8(MessageType.RESTORE_ITEM.number()));
            return MessageType.RESTORE_ITEM;
        } else if (message instanceof Message.FleetEnd m) {
            out.u8(MessageType.FLEET_END.number()).varint(m.count()).u64(m.nowMillis());
            return MessageType.FLEET_END;
        } else if (message instanceof Message.GiveOrder m) {
            m.order().encode(out.u8(MessageType.GIVE_ORDER.number()));
            return MessageType.GIVE_ORDER;
        } else if (message instanceof Message.CancelOrder m) {
            out.u8(MessageType.CANCEL_ORDER.number());
            out.u64(m.order().getMostSignificantBits()).u64(m.order().getLeastSignificantBits());
            return MessageType.CANCEL_ORDER;
        } else if (message instanceof Message.OrderAdvanced m) {
            m.progress().encode(out.u8(MessageType.ORDER_ADVANCED.number()));
            return MessageType.ORDER_ADVANCED;
        } else if (message instanceof Message.OrderEnded m) {
            m.end().encode(out.u8(MessageType.ORDER_ENDED.number()));
            return MessageType.ORDER_ENDED;
        }
        throw new IllegalArgumentException("no frame for " + message.getClass().getSimpleName());
    }

    static Message decode(MessageType type, Decoder in) throws MalformedException {
        return switch (type) {
            case ANNOUNCE -> new Message.Announce(Announcement.decode(in));
            case REPORT -> new Message.Report(RunReport.decode(in));
            case ASK_FLEET -> new Message.AskFleet(in.string(MAX_NAME), in.string(MAX_NAME));
            case FLEET_ITEM -> new Message.FleetItem(VolumeStatus.decode(in));
            case RESTORES -> new Message.Restores(restores(in));
            case RESTORE_ITEM -> new Message.RestoreItem(RestoreStatus.decode(in));
            case RESTORE_UNHEARD -> new Message.RestoreItem(RestoreStatus.decodeUnheard(in));
            case FLEET_END -> new Message.FleetEnd(in.count(Integer.MAX_VALUE), in.u64());
            case GIVE_ORDER -> new Message.GiveOrder(Order.decode(in));
            case CANCEL_ORDER -> new Message.CancelOrder(new UUID(in.u64(), in.u64()));
            case ORDER_ADVANCED -> new Message.OrderAdvanced(OrderProgress.decode(in));
            case ORDER_ENDED -> new Message.OrderEnded(OrderEnd.decode(in));
            default -> throw new IllegalArgumentException(type + " is not about the fleet");
        };
    }

    private static List<OpenRestore.Told> restores(Decoder in) throws MalformedException {
        List<OpenRestore.Told> all = new ArrayList<>();
        for (int left = in.count(OpenRestore.MOST); left > 0; left--) {
            all.add(OpenRestore.Told.decode(in));
        }
        return all;
    }
}
