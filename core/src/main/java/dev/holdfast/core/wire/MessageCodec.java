package dev.holdfast.core.wire;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.ProblemCode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Messages as the bodies of frames. A frame is {@code u32 length | u8 type | body}, the length counting type and body. Numbers
 * and limits are tabled in {@code docs/protocol.md}.
 */
final class MessageCodec {
    /** The longest frame that is not an object. */
    static final int MAX_CONTROL_BYTES = 1 << 20;

    static final int PUT = 7;

    private static final int MAX_IDS = 8192;
    private static final int MAX_NAME = 256;
    private static final int MAX_TEXT = 8192;
    private static final int MAX_RECORD = 4096;

    private MessageCodec() {}

    /** The longest body that a frame of this type may have; 0 for an unknown type. */
    static int maxBytes(int type) {
        if (type == PUT) {
            return SealedObject.MAX_BYTES;
        }
        return type >= 1 && type <= 21 ? MAX_CONTROL_BYTES : 0;
    }

    /** Writes the type and body of anything but {@link Message.Put}. */
    static void encode(Message message, Encoder out) {
        if (message instanceof Message.Hello m) {
            out.u8(1)
                    .varint(m.oldestProtocol())
                    .varint(m.newestProtocol())
                    .string(m.software())
                    .u64(m.nowMillis());
        } else if (message instanceof Message.Welcome m) {
            out.u8(2).varint(m.protocol()).string(m.software()).string(m.host()).bytes(m.repository());
            out.u64(m.nowMillis()).u64(m.freeBytes());
        } else if (message instanceof Message.Begin m) {
            out.u8(3).string(m.realm()).string(m.volume()).bytes(m.runId());
        } else if (message instanceof Message.Begun m) {
            out.u8(4).bytes(m.parent());
        } else if (message instanceof Message.Have m) {
            out.u8(5).u32(m.question()).varint(m.ids().size());
            m.ids().forEach(id -> out.raw(id.toBytes()));
        } else if (message instanceof Message.Lack m) {
            out.u8(6).u32(m.question()).bytes(m.lacking().toByteArray());
        } else if (message instanceof Message.Commit m) {
            out.u8(8).raw(m.snapshot().toBytes()).u8(m.partial() ? 1 : 0).u64(m.labelMillis());
            out.varint(m.files()).varint(m.bytes());
        } else if (message instanceof Message.Committed m) {
            out.u8(9).bytes(m.record());
        } else if (message instanceof Message.ListRecords m) {
            out.u8(10).string(m.realm()).string(m.host()).string(m.volume());
        } else if (message instanceof Message.RecordItem m) {
            out.u8(11).bytes(m.record());
        } else if (message instanceof Message.RecordsEnd m) {
            out.u8(12).varint(m.count());
        } else {
            encodeRest(message, out);
        }
    }

    private static void encodeRest(Message message, Encoder out) {
        if (message instanceof Message.Open m) {
            out.u8(13).u32(m.question()).string(m.realm()).string(m.host()).bytes(m.recordHash());
        } else if (message instanceof Message.Fetch m) {
            out.u8(14).u32(m.question()).raw(m.parent().toBytes()).varint(m.indexes().length);
            for (int index : m.indexes()) {
                out.varint(index);
            }
        } else if (message instanceof Message.Fetched m) {
            out.u8(15).u32(m.question());
        } else if (message instanceof Message.AskGrant m) {
            out.u8(16).string(m.host()).string(m.volume());
        } else if (message instanceof Message.Grant m) {
            out.u8(17).u8(m.allowed() ? 1 : 0);
        } else if (message instanceof Message.Failure m) {
            out.u8(18).string(m.code().name()).string(clip(m.message())).string(clip(m.hint()));
        } else if (message instanceof Message.Bye) {
            out.u8(19);
        } else if (message instanceof Message.Ping m) {
            out.u8(20).u8(0).u64(m.nonce());
        } else if (message instanceof Message.Pong m) {
            out.u8(20).u8(1).u64(m.nonce());
        } else if (message instanceof Message.Damaged m) {
            out.u8(21).raw(m.id().toBytes()).string(clip(m.detail()));
        } else {
            throw new IllegalArgumentException(
                    "no frame for " + message.getClass().getSimpleName());
        }
    }

    private static String clip(String text) {
        return text.length() <= MAX_TEXT / 4 ? text : text.substring(0, MAX_TEXT / 4);
    }

    static Message decode(int type, byte[] body) throws MalformedException {
        Decoder in = new Decoder(body);
        Message message = type <= 9 ? decodeBackup(type, in) : decodeRest(type, in);
        in.end();
        return message;
    }

    private static Message decodeBackup(int type, Decoder in) throws MalformedException {
        return switch (type) {
            case 1 -> new Message.Hello(in.count(1 << 16), in.count(1 << 16), in.string(MAX_NAME), in.u64());
            case 2 ->
                new Message.Welcome(
                        in.count(1 << 16), in.string(MAX_NAME), in.string(MAX_NAME), in.bytes(64), in.u64(), in.u64());
            case 3 -> new Message.Begin(in.string(MAX_NAME), in.string(MAX_NAME), in.bytes(16));
            case 4 -> new Message.Begun(in.bytes(MAX_RECORD));
            case 5 -> new Message.Have(in.u32(), ids(in));
            case 6 -> new Message.Lack(in.u32(), BitSet.valueOf(in.bytes(MAX_IDS / 8)));
            case 8 -> new Message.Commit(id(in), flag(in), in.u64(), in.positive(), in.positive());
            case 9 -> new Message.Committed(in.bytes(MAX_RECORD));
            default -> throw new MalformedException("unknown message type " + type);
        };
    }

    private static Message decodeRest(int type, Decoder in) throws MalformedException {
        return switch (type) {
            case 10 -> new Message.ListRecords(in.string(MAX_NAME), in.string(MAX_NAME), in.string(MAX_NAME));
            case 11 -> new Message.RecordItem(in.bytes(MAX_RECORD));
            case 12 -> new Message.RecordsEnd(in.count(Integer.MAX_VALUE));
            case 13 -> new Message.Open(in.u32(), in.string(MAX_NAME), in.string(MAX_NAME), in.bytes(32));
            case 14 -> new Message.Fetch(in.u32(), id(in), indexes(in));
            case 15 -> new Message.Fetched(in.u32());
            case 16 -> new Message.AskGrant(in.string(MAX_NAME), in.string(MAX_NAME));
            case 17 -> new Message.Grant(flag(in));
            case 18 -> new Message.Failure(code(in), in.string(MAX_TEXT), in.string(MAX_TEXT));
            case 19 -> new Message.Bye();
            case 20 -> flag(in) ? new Message.Pong(in.u64()) : new Message.Ping(in.u64());
            case 21 -> new Message.Damaged(id(in), in.string(MAX_TEXT));
            default -> throw new MalformedException("unknown message type " + type);
        };
    }

    private static boolean flag(Decoder in) throws MalformedException {
        int value = in.u8();
        if (value > 1) {
            throw new MalformedException("flag of " + value);
        }
        return value == 1;
    }

    private static ObjectId id(Decoder in) throws MalformedException {
        return ObjectId.copyOf(in.raw(ObjectId.BYTES), 0);
    }

    private static List<ObjectId> ids(Decoder in) throws MalformedException {
        int count = in.count(Math.min(MAX_IDS, in.left() / ObjectId.BYTES));
        List<ObjectId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(id(in));
        }
        return ids;
    }

    private static int[] indexes(Decoder in) throws MalformedException {
        int[] indexes = new int[in.count(in.left())];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = in.count(SealedObject.MAX_REFERENCES);
        }
        return indexes;
    }

    private static ProblemCode code(Decoder in) throws MalformedException {
        String name = in.string(MAX_NAME);
        for (ProblemCode code : ProblemCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return ProblemCode.FAILED;
    }
}
