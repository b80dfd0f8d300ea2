package dev.holdfast.keys.machine;

import dev.holdfast.keys.KeyException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Strings and numbers as SSH writes them (RFC 4251, section 5). What is cut short is a {@link BufferUnderflowException}. */
final class SshWire {
    private SshWire() {}

    static byte[] take(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    static String text(ByteBuffer in) {
        return new String(take(in), StandardCharsets.US_ASCII);
    }

    /** May be negative; whoever reads one says what it takes. */
    static BigInteger number(ByteBuffer in) {
        byte[] bytes = take(in);
        return bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    }

    static void put(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes.length).put(bytes);
    }

    /** For bytes or text that are no public key, or one of a kind that is not taken here. */
    static KeyException noKey() {
        return new KeyException(
                KeyException.Reason.MALFORMED,
                "not a public SSH key of a machine",
                "Expected one line `ssh-ed25519 AAAA... comment`, or `ssh-rsa AAAA...` as privateer writes it.");
    }
}
