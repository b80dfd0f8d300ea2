package dev.holdfast.server.pack;

import dev.holdfast.core.object.MalformedObjectException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Whose objects a pack holds: it belongs to one host of one realm. */
public record PackHeader(PackId id, Instant created, String realm, String host) {
    public PackHeader {
        created = created.truncatedTo(ChronoUnit.MILLIS);
        checkName(realm);
        checkName(host);
    }

    private static void checkName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > PackFormat.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("realm or host name of " + bytes + " bytes");
        }
    }

    byte[] encode() {
        byte[] realmName = realm.getBytes(StandardCharsets.UTF_8);
        byte[] hostName = host.getBytes(StandardCharsets.UTF_8);
        int length = PackFormat.HEADER_FIXED_BYTES + realmName.length + hostName.length;
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putLong(PackFormat.MAGIC).putShort((short) PackFormat.VERSION).putShort((short) length);
        out.putInt(0);
        id.write(out);
        out.putLong(created.toEpochMilli());
        out.putShort((short) realmName.length).putShort((short) hostName.length);
        out.put(realmName).put(hostName);
        out.putInt(PackFormat.crc(out.array(), 0, length - Integer.BYTES));
        return out.array();
    }

    /** How long the encoded header is. */
    int length() {
        return encode().length;
    }

    /** Reads the header that begins at {@code bytes[offset]}. */
    static PackHeader decode(byte[] bytes, int offset) throws MalformedObjectException {
        try {
            return decodeFields(bytes, offset);
        } catch (BufferUnderflowException | IllegalArgumentException | CharacterCodingException e) {
            throw new MalformedObjectException("pack header with impossible fields: " + e.getMessage());
        }
    }

    /** Whether these bytes begin with a whole header whose version or features are not known here. */
    static boolean isForeign(byte[] bytes) {
        if (bytes.length < PackFormat.HEADER_FIXED_BYTES) {
            return false;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int length = Short.toUnsignedInt(in.getShort(10));
        return in.getLong(0) == PackFormat.MAGIC
                && (in.getShort(8) != PackFormat.VERSION || in.getInt(12) != 0)
                && length >= PackFormat.HEADER_FIXED_BYTES
                && length <= bytes.length
                && in.getInt(length - Integer.BYTES) == PackFormat.crc(bytes, 0, length - Integer.BYTES);
    }

    private static PackHeader decodeFields(byte[] bytes, int offset)
            throws MalformedObjectException, CharacterCodingException {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, bytes.length - offset).slice();
        if (in.getLong() != PackFormat.MAGIC || in.getShort() != PackFormat.VERSION) {
            throw new MalformedObjectException("no pack header of a known version");
        }
        int length = Short.toUnsignedInt(in.getShort());
        if (length < PackFormat.HEADER_FIXED_BYTES || length > in.limit()) {
            throw new MalformedObjectException("pack header is cut short");
        }
        in.limit(length);
        if (in.getInt(length - Integer.BYTES) != PackFormat.crc(bytes, offset, length - Integer.BYTES)) {
            throw new MalformedObjectException("pack header checksum is wrong");
        }
        int features = in.getInt();
        if (features != 0) {
            throw new MalformedObjectException(
                    "pack needs features that this version lacks: " + Integer.toHexString(features));
        }
        PackId id = PackId.read(in);
        Instant created = Instant.ofEpochMilli(in.getLong());
        int realmBytes = Short.toUnsignedInt(in.getShort());
        int hostBytes = Short.toUnsignedInt(in.getShort());
        if (in.remaining() != realmBytes + hostBytes + Integer.BYTES) {
            throw new MalformedObjectException("pack header announces another length");
        }
        return new PackHeader(id, created, text(in, realmBytes), text(in, hostBytes));
    }

    private static String text(ByteBuffer in, int bytes) throws CharacterCodingException {
        ByteBuffer name = in.slice(in.position(), bytes);
        in.position(in.position() + bytes);
        return StandardCharsets.UTF_8.newDecoder().decode(name).toString();
    }
}
