package dev.holdfast.core.snapshot;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.snapshot.SnapshotSummary.Outcome;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/**
 * One link in the chain of a host's snapshots, made by the server alone. {@code received} is the server's clock and never goes
 * backwards within a chain; {@code clockStepped} tells that it would have, and was moved to one millisecond after the record
 * before. All numbers are big-endian.
 *
 * <pre>
 *   0  u32  magic "HFSR"
 *   4  u8   version (1)
 *   5  u8   outcome (1 complete, 2 partial)
 *   6  u8   flags (bit 0: the server's clock had stepped back; bit 1: files changed while they were read)
 *   7  u8   zero
 *   8  u64  sequence, from 1
 *  16  32 B SHA-256 of the record before (zeros for the first)
 *  48  i64  received, milliseconds since 1970
 *  56  16 B repository id
 *  72  32 B snapshot object id
 * 104  16 B run id
 * 120  i64  label, milliseconds since 1970 by the agent's clock
 * 128  u64  files
 * 136  u64  total bytes
 * 144  u64  bytes added
 * 152  u16  length of the host name, h
 * 154  u16  length of the volume name, v
 * 156  h    host, UTF-8
 *      v    volume, UTF-8
 * </pre>
 */
public record SnapshotRecord(
        long sequence,
        RecordHash previous,
        Instant received,
        boolean clockStepped,
        UUID repository,
        SnapshotSummary summary) {

    public static final int MAGIC = 0x48465352;
    public static final int VERSION = 1;
    public static final int FIXED_BYTES = 156;
    /** No record is longer than this; checked before anything is allocated. */
    public static final int MAX_BYTES = FIXED_BYTES + 2 * SnapshotSummary.MAX_NAME_BYTES;

    private static final int FLAG_CLOCK_STEPPED = 1;
    private static final int FLAG_FUZZY = 2;

    public SnapshotRecord {
        Objects.requireNonNull(previous);
        Objects.requireNonNull(repository);
        Objects.requireNonNull(summary);
        received = received.truncatedTo(ChronoUnit.MILLIS);
        if (sequence < 1 || (sequence == 1) != previous.equals(RecordHash.NONE)) {
            throw new IllegalArgumentException("record " + sequence + " cannot follow " + previous.brief());
        }
    }

    /** What this record is called: its {@link #hash}, since two snapshots of unchanged content may be the same object. */
    public String id() {
        return hash().hex();
    }

    public String host() {
        return summary.host();
    }

    public String volume() {
        return summary.volume();
    }

    public ObjectId snapshot() {
        return summary.snapshot();
    }

    public RecordHash hash() {
        return RecordHash.over(encode());
    }

    /** Whether this record may stand right after {@code before} in one chain. */
    public boolean follows(SnapshotRecord before) {
        return sequence == before.sequence + 1
                && previous.equals(before.hash())
                && received.isAfter(before.received)
                && host().equals(before.host())
                && repository.equals(before.repository);
    }

    public byte[] encode() {
        byte[] host = summary.host().getBytes(StandardCharsets.UTF_8);
        byte[] volume = summary.volume().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + host.length + volume.length);
        out.putInt(MAGIC).put((byte) VERSION);
        out.put((byte) (summary.outcome() == Outcome.COMPLETE ? 1 : 2));
        int flags = (clockStepped ? FLAG_CLOCK_STEPPED : 0) | (summary.fuzzy() ? FLAG_FUZZY : 0);
        out.put((byte) flags).put((byte) 0);
        out.putLong(sequence).put(previous.toBytes()).putLong(received.toEpochMilli());
        putUuid(out, repository);
        out.put(summary.snapshot().toBytes());
        putUuid(out, summary.run());
        out.putLong(summary.label().toEpochMilli());
        out.putLong(summary.files()).putLong(summary.totalBytes()).putLong(summary.addedBytes());
        out.putShort((short) host.length).putShort((short) volume.length);
        out.put(host).put(volume);
        return out.array();
    }

    /** Reads a record that fills the array exactly. Throws when anything about it is impossible. */
    public static SnapshotRecord decode(byte[] encoded) throws MalformedObjectException {
        if (encoded.length < FIXED_BYTES || encoded.length > MAX_BYTES) {
            throw new MalformedObjectException("snapshot record of " + encoded.length + " bytes");
        }
        try {
            return decodeFields(ByteBuffer.wrap(encoded));
        } catch (BufferUnderflowException | IllegalArgumentException | CharacterCodingException e) {
            throw new MalformedObjectException("snapshot record with impossible fields: " + e.getMessage());
        }
    }

    private static SnapshotRecord decodeFields(ByteBuffer in)
            throws MalformedObjectException, CharacterCodingException {
        if (in.getInt() != MAGIC || in.get() != VERSION) {
            throw new MalformedObjectException("no snapshot record of a known version");
        }
        Outcome outcome = outcomeOf(in.get());
        int flags = in.get();
        if ((flags & ~(FLAG_CLOCK_STEPPED | FLAG_FUZZY)) != 0 || in.get() != 0) {
            throw new MalformedObjectException("snapshot record has flags that this version does not know");
        }
        long sequence = in.getLong();
        RecordHash previous = RecordHash.copyOf(take(in, RecordHash.BYTES), 0);
        Instant received = Instant.ofEpochMilli(in.getLong());
        UUID repository = new UUID(in.getLong(), in.getLong());
        ObjectId snapshot = ObjectId.copyOf(take(in, ObjectId.BYTES), 0);
        UUID run = new UUID(in.getLong(), in.getLong());
        Instant label = Instant.ofEpochMilli(in.getLong());
        long files = in.getLong();
        long totalBytes = in.getLong();
        long addedBytes = in.getLong();
        int hostBytes = Short.toUnsignedInt(in.getShort());
        int volumeBytes = Short.toUnsignedInt(in.getShort());
        if (in.remaining() != hostBytes + volumeBytes) {
            throw new MalformedObjectException("snapshot record announces another length");
        }
        String host = text(take(in, hostBytes));
        String volume = text(take(in, volumeBytes));
        boolean fuzzy = (flags & FLAG_FUZZY) != 0;
        SnapshotSummary summary =
                new SnapshotSummary(host, volume, snapshot, outcome, fuzzy, run, label, files, totalBytes, addedBytes);
        boolean clockStepped = (flags & FLAG_CLOCK_STEPPED) != 0;
        return new SnapshotRecord(sequence, previous, received, clockStepped, repository, summary);
    }

    private static Outcome outcomeOf(byte number) throws MalformedObjectException {
        if (number != 1 && number != 2) {
            throw new MalformedObjectException("snapshot record with unknown outcome " + number);
        }
        return number == 1 ? Outcome.COMPLETE : Outcome.PARTIAL;
    }

    private static void putUuid(ByteBuffer out, UUID uuid) {
        out.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static String text(byte[] utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }
}
