package dev.holdfast.core.wire;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Messages as the bodies of frames. A frame is {@code u32 length | u8 type | body}, the length counting type and body. Numbers
 * and limits are those of {@link MessageType}, fields and their limits are tabled in {@code docs/protocol.md}.
 */
final class MessageCodec {
    private static final int MAX_NAME = SnapshotSummary.MAX_NAME_BYTES;
    private static final int MAX_TEXT = 8192;
    private static final int MAX_RECORD = 4096;
    private static final int MAX_REPOSITORY = 64;
    private static final int MAX_RUN_ID = 16;
    private static final int MAX_RECORD_HASH = 32;
    private static final int MAX_PROTOCOL = 1 << 16;
    private static final int COMMIT_PARTIAL = 1;
    private static final int COMMIT_FUZZY = 2;

    private MessageCodec() {}

    /**
     * Writes the type and body of anything but {@link Message.Put}. Throws {@link IllegalArgumentException} for a message that
     * the peer would refuse.
     */
    static void encode(Message message, Encoder out) {
        int start = out.size();
        MessageType type = encodeBackup(message, out);
        if (out.size() - start - 1 > type.maxBodyBytes()) {
            throw new IllegalArgumentException("message " + type + " of " + (out.size() - start - 1) + " bytes");
        }
    }

    private static Encoder begin(MessageType type, Encoder out) {
        return out.u8(type.number());
    }

    private static MessageType encodeBackup(Message message, Encoder out) {
        if (message instanceof Message.Hello m) {
            begin(MessageType.HELLO, out).varint(m.oldestProtocol()).varint(m.newestProtocol());
            out.string(m.software()).u64(m.nowMillis());
            return MessageType.HELLO;
        } else if (message instanceof Message.Welcome m) {
            begin(MessageType.WELCOME, out)
                    .varint(m.protocol())
                    .string(m.software())
                    .string(m.host());
            out.bytes(m.repository()).u64(m.nowMillis()).u64(m.freeBytes());
            return MessageType.WELCOME;
        } else if (message instanceof Message.Begin m) {
            begin(MessageType.BEGIN, out).string(m.realm()).string(m.volume()).bytes(m.runId());
            return MessageType.BEGIN;
        } else if (message instanceof Message.Begun m) {
            begin(MessageType.BEGUN, out).bytes(m.parent());
            return MessageType.BEGUN;
        } else if (message instanceof Message.Have m) {
            begin(MessageType.HAVE, out).u32(m.question()).varint(m.ids().size());
            m.ids().forEach(id -> out.raw(id.toBytes()));
            return MessageType.HAVE;
        } else if (message instanceof Message.Lack m) {
            begin(MessageType.LACK, out).u32(m.question()).bytes(m.lacking().toByteArray());
            return MessageType.LACK;
        } else if (message instanceof Message.Commit m) {
            int flags = (m.partial() ? COMMIT_PARTIAL : 0) | (m.fuzzy() ? COMMIT_FUZZY : 0);
            begin(MessageType.COMMIT, out).raw(m.snapshot().toBytes()).u8(flags);
            out.u64(m.labelMillis()).varint(m.files()).varint(m.bytes());
            return MessageType.COMMIT;
        } else if (message instanceof Message.Committed m) {
            begin(MessageType.COMMITTED, out).bytes(m.record());
            return MessageType.COMMITTED;
        }
        return encodeRestore(message, out);
    }

    private static MessageType encodeRestore(Message message, Encoder out) {
        if (message instanceof Message.ListRecords m) {
            begin(MessageType.LIST_RECORDS, out)
                    .string(m.realm())
                    .string(m.host())
                    .string(m.volume());
            return MessageType.LIST_RECORDS;
        } else if (message instanceof Message.RecordItem m) {
            begin(MessageType.RECORD_ITEM, out).bytes(m.record());
            return MessageType.RECORD_ITEM;
        } else if (message instanceof Message.RecordsEnd m) {
            begin(MessageType.RECORDS_END, out).varint(m.count()).string(m.damage());
            return MessageType.RECORDS_END;
        } else if (message instanceof Message.Open m) {
            begin(MessageType.OPEN, out).u32(m.question()).string(m.realm()).string(m.host());
            out.bytes(m.recordHash());
            return MessageType.OPEN;
        } else if (message instanceof Message.Fetch m) {
            begin(MessageType.FETCH, out).u32(m.question()).raw(m.parent().toBytes());
            out.varint(m.indexes().length);
            for (int index : m.indexes()) {
                out.varint(index);
            }
            return MessageType.FETCH;
        } else if (message instanceof Message.Fetched m) {
            begin(MessageType.FETCHED, out).u32(m.question());
            return MessageType.FETCHED;
        } else if (message instanceof Message.AskGrant m) {
            begin(MessageType.ASK_GRANT, out).string(m.host()).string(m.volume());
            return MessageType.ASK_GRANT;
        } else if (message instanceof Message.Grant m) {
            begin(MessageType.GRANT, out).u8(m.allowed() ? 1 : 0);
            return MessageType.GRANT;
        }
        return encodeLocal(message, out);
    }

    private static MessageType encodeLocal(Message message, Encoder out) {
        if (message instanceof Message.AskLocal m) {
            begin(MessageType.ASK_LOCAL, out).string(m.volume());
            return MessageType.ASK_LOCAL;
        } else if (message instanceof Message.Local m) {
            begin(MessageType.LOCAL, out).u8(m.there() ? 1 : 0).string(clip(m.place()));
            return MessageType.LOCAL;
        } else if (message instanceof Message.TakeLocal m) {
            begin(MessageType.TAKE_LOCAL, out).string(m.volume());
            return MessageType.TAKE_LOCAL;
        } else if (message instanceof Message.TakingLocal m) {
            begin(MessageType.TAKING_LOCAL, out).varint(m.files()).varint(m.bytes());
            out.varint(m.totalFiles()).varint(m.totalBytes());
            return MessageType.TAKING_LOCAL;
        } else if (message instanceof Message.TakenLocal m) {
            begin(MessageType.TAKEN_LOCAL, out).bytes(m.record());
            return MessageType.TAKEN_LOCAL;
        }
        return encodeAnytime(message, out);
    }

    private static MessageType encodeAnytime(Message message, Encoder out) {
        if (message instanceof Message.Failure m) {
            begin(MessageType.FAILURE, out).string(m.code().name());
            out.string(clip(m.message())).string(clip(m.hint()));
            return MessageType.FAILURE;
        } else if (message instanceof Message.Bye) {
            begin(MessageType.BYE, out);
            return MessageType.BYE;
        } else if (message instanceof Message.Ping m) {
            begin(MessageType.PING, out).u64(m.nonce());
            return MessageType.PING;
        } else if (message instanceof Message.Pong m) {
            begin(MessageType.PONG, out).u64(m.nonce());
            return MessageType.PONG;
        } else if (message instanceof Message.Damaged m) {
            begin(MessageType.DAMAGED, out).raw(m.id().toBytes()).string(clip(m.detail()));
            return MessageType.DAMAGED;
        }
        return encodeJoining(message, out);
    }

    private static MessageType encodeJoining(Message message, Encoder out) {
        if (message instanceof Message.Join m) {
            begin(MessageType.JOIN, out).raw(m.ssh()).raw(m.sealing());
            return MessageType.JOIN;
        } else if (message instanceof Message.Joined m) {
            begin(MessageType.JOINED, out).string(m.welcome());
            return MessageType.JOINED;
        } else if (message instanceof Message.AskKeyring m) {
            begin(MessageType.ASK_KEYRING, out).string(m.realm());
            return MessageType.ASK_KEYRING;
        } else if (message instanceof Message.Keyring m) {
            begin(MessageType.KEYRING, out).string(m.text());
            return MessageType.KEYRING;
        }
        return FleetMessages.encode(message, out);
    }

    private static String clip(String text) {
        return text.length() <= MAX_TEXT / 4 ? text : text.substring(0, MAX_TEXT / 4);
    }

    /** The message of a frame; {@code type} is a known one other than {@link MessageType#PUT}. */
    static Message decode(MessageType type, byte[] body) throws MalformedException {
        Decoder in = new Decoder(body);
        Message message = switch (type) {
            case HELLO ->
                new Message.Hello(in.count(MAX_PROTOCOL), in.count(MAX_PROTOCOL), in.string(MAX_NAME), in.u64());
            case WELCOME ->
                new Message.Welcome(
                        in.count(MAX_PROTOCOL),
                        in.string(MAX_NAME),
                        in.string(MAX_NAME),
                        in.bytes(MAX_REPOSITORY),
                        in.u64(),
                        in.u64());
            case BEGIN -> new Message.Begin(in.string(MAX_NAME), in.string(MAX_NAME), in.bytes(MAX_RUN_ID));
            case BEGUN -> new Message.Begun(in.bytes(MAX_RECORD));
            case HAVE -> new Message.Have(in.u32(), ids(in));
            case LACK -> new Message.Lack(in.u32(), bits(in));
            case PUT -> throw new IllegalArgumentException("an object is no message body");
            case COMMIT -> commit(in);
            case COMMITTED -> new Message.Committed(in.bytes(MAX_RECORD));
            case LIST_RECORDS -> new Message.ListRecords(in.string(MAX_NAME), in.string(MAX_NAME), in.string(MAX_NAME));
            case RECORD_ITEM -> new Message.RecordItem(in.bytes(MAX_RECORD));
            case RECORDS_END -> new Message.RecordsEnd(in.count(Integer.MAX_VALUE), in.string(MAX_TEXT));
            case OPEN ->
                new Message.Open(in.u32(), in.string(MAX_NAME), in.string(MAX_NAME), in.bytes(MAX_RECORD_HASH));
            case FETCH -> new Message.Fetch(in.u32(), id(in), indexes(in));
            case FETCHED -> new Message.Fetched(in.u32());
            case ASK_GRANT -> new Message.AskGrant(in.string(MAX_NAME), in.string(MAX_NAME));
            case GRANT -> new Message.Grant(flag(in));
            case FAILURE -> new Message.Failure(code(in), in.string(MAX_TEXT), in.string(MAX_TEXT));
            case BYE -> new Message.Bye();
            case PING -> new Message.Ping(in.u64());
            case PONG -> new Message.Pong(in.u64());
            case DAMAGED -> new Message.Damaged(id(in), in.string(MAX_TEXT));
            case JOIN -> new Message.Join(in.raw(Message.Join.KEY_BYTES), in.raw(Message.Join.KEY_BYTES));
            case JOINED -> new Message.Joined(in.string(Message.Joined.LONGEST_WELCOME));
            case ASK_KEYRING -> new Message.AskKeyring(in.string(MAX_NAME));
            case KEYRING -> new Message.Keyring(in.string(Message.Keyring.LONGEST));
            case ASK_LOCAL -> new Message.AskLocal(in.string(MAX_NAME));
            case LOCAL -> new Message.Local(flag(in), in.string(MAX_TEXT));
            case TAKE_LOCAL -> new Message.TakeLocal(in.string(MAX_NAME));
            case TAKING_LOCAL -> new Message.TakingLocal(in.positive(), in.positive(), in.positive(), in.positive());
            case TAKEN_LOCAL -> new Message.TakenLocal(in.bytes(MAX_RECORD));
            case ANNOUNCE,
                    REPORT,
                    ASK_FLEET,
                    FLEET_ITEM,
                    RESTORES,
                    RESTORE_ITEM,
                    RESTORE_UNHEARD,
                    FLEET_END,
                    GIVE_ORDER,
                    CANCEL_ORDER,
                    ORDER_ADVANCED,
                    ORDER_ENDED -> FleetMessages.decode(type, in);
        };
        in.end();
        return message;
    }

    private static Message.Commit commit(Decoder in) throws MalformedException {
        ObjectId snapshot = id(in);
        int flags = in.u8();
        if ((flags & ~(COMMIT_PARTIAL | COMMIT_FUZZY)) != 0) {
            throw new MalformedException("flags " + flags + " of a commit");
        }
        boolean partial = (flags & COMMIT_PARTIAL) != 0;
        boolean fuzzy = (flags & COMMIT_FUZZY) != 0;
        return new Message.Commit(snapshot, partial, fuzzy, in.u64(), in.positive(), in.positive());
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
        int count = in.count(Math.min(Message.Have.MAX_IDS, in.left() / ObjectId.BYTES));
        List<ObjectId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(id(in));
        }
        return ids;
    }

    private static BitSet bits(Decoder in) throws MalformedException {
        byte[] bits = in.bytes(Message.Have.MAX_IDS / 8);
        if (bits.length > 0 && bits[bits.length - 1] == 0) {
            throw new MalformedException("bits with needless bytes");
        }
        return BitSet.valueOf(bits);
    }

    private static int[] indexes(Decoder in) throws MalformedException {
        int[] indexes = new int[in.count(Math.min(SealedObject.MAX_REFERENCES, in.left()))];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = in.count(SealedObject.MAX_REFERENCES - 1);
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
