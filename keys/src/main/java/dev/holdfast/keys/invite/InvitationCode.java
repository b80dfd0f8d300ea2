package dev.holdfast.keys.invite;

import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.Ed25519Secret;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.paper.PaperCode;
import dev.holdfast.keys.realm.Hkdf;
import dev.holdfast.keys.seal.SealingSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * The code of an invitation: a random seed of 128 bits and 128 bits of the hash of the server's host key. Everything else is derived
 * from the two. Wipes itself on {@link #close}.
 */
public final class InvitationCode implements AutoCloseable {
    static final String PIN_LABEL = "holdfast invitation host key v1";
    static final String LOGIN_LABEL = "holdfast invitation login v1";
    static final String SEALING_LABEL = "holdfast invitation sealing v1";
    static final String WELCOME_LABEL = "holdfast invitation welcome v1";
    static final int SEED_BYTES = 16;
    static final int PIN_BYTES = 16;
    static final int MARK = 16;

    private static final int KEY_BYTES = 32;
    private static final PaperCode PAPER =
            new PaperCode("code", "Have it read out again, by the numbers of its groups, and type it again", MARK);

    private final byte[] seed;
    private final byte[] pin;

    private InvitationCode(byte[] seed, byte[] pin) {
        this.seed = seed;
        this.pin = pin;
    }

    /** A new one, for the server that shows {@code hostKey}. */
    public static InvitationCode generate(SshPublicKey hostKey, SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new InvitationCode(seed, pinOf(hostKey));
    }

    /** Reads what {@link #print} or {@link #line} gave and a person typed. Throws {@code WRONG} and says which group is mistyped. */
    public static InvitationCode parse(char[] typed) {
        byte[] bytes = PAPER.parse(typed);
        try {
            return new InvitationCode(
                    Arrays.copyOf(bytes, SEED_BYTES), Arrays.copyOfRange(bytes, SEED_BYTES, SEED_BYTES + PIN_BYTES));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Fourteen numbered groups on two lines, to be read out; the caller wipes them. */
    public char[] print() {
        byte[] bytes =
                ByteBuffer.allocate(PaperCode.SECRET_BYTES).put(seed).put(pin).array();
        try {
            return PAPER.print(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The same groups with dashes between them, to be put into a command; the caller wipes them. */
    public char[] line() {
        char[] numbered = print();
        char[] line = new char[numbered.length];
        int length = 0;
        for (int at = 0; at < numbered.length; at++) {
            if (numbered[at] == ':') {
                if (length > 0) {
                    line[length++] = '-';
                }
                while (Character.isLetterOrDigit(numbered[at + 1])) {
                    line[length++] = numbered[++at];
                }
            }
        }
        char[] result = Arrays.copyOf(line, length);
        Arrays.fill(line, ' ');
        Arrays.fill(numbered, ' ');
        return result;
    }

    /** Whether the code was made by the server with that host key. */
    public boolean isOf(SshPublicKey hostKey) {
        return MessageDigest.isEqual(pin, pinOf(hostKey));
    }

    private static byte[] pinOf(SshPublicKey hostKey) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(PIN_LABEL.getBytes(StandardCharsets.US_ASCII));
            return Arrays.copyOf(hash.digest(hostKey.blob()), PIN_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 does not work on this Java", e);
        }
    }

    /** What whoever has the code logs in with; the caller closes it. */
    public Ed25519Secret login() {
        byte[] seed = derive(LOGIN_LABEL);
        try {
            return Ed25519Secret.of(seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** By which the server knows the invitation. */
    public Ed25519PublicKey loginKey() {
        try (Ed25519Secret login = login()) {
            return login.publicKey();
        }
    }

    /** For which the realm key is wrapped; the caller closes it. */
    public SealingSecret sealing() {
        byte[] secret = derive(SEALING_LABEL);
        try {
            return SealingSecret.of(secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** By which the holder of the code knows that {@code content} comes from whoever made the code. */
    byte[] authenticate(byte[] content) {
        byte[] key = derive(WELCOME_LABEL);
        try {
            Mac mac = Hkdf.hmac(key);
            return mac.doFinal(content);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private byte[] derive(String label) {
        return Hkdf.derive(seed, pin, label, KEY_BYTES);
    }

    /** Wipes the seed. */
    @Override
    public void close() {
        Arrays.fill(seed, (byte) 0);
    }

    @Override
    public String toString() {
        return "InvitationCode";
    }
}
