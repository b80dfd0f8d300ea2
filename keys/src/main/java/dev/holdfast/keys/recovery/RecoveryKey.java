package dev.holdfast.keys.recovery;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.paper.PaperCode;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.keys.seal.SealingSecret;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * An X25519 secret for which every realm key is wrapped too. It is shown once, to be kept on paper, and typed in when all
 * machines are lost. Wipes itself on {@link #close}.
 */
public final class RecoveryKey implements AutoCloseable {
    private static final String PUBLIC_TAG = "holdfast-recovery-v1";
    private static final PaperCode PAPER =
            new PaperCode("recovery key", "Compare it with the paper and type it again", 0);

    private final SealingSecret secret;

    private RecoveryKey(SealingSecret secret) {
        this.secret = secret;
    }

    public static RecoveryKey generate(SecureRandom random) {
        return new RecoveryKey(SealingSecret.generate(random));
    }

    /** Reads what {@link #print} showed and a person typed. Throws {@code WRONG} and says which group is mistyped. */
    public static RecoveryKey parse(char[] typed) {
        byte[] bytes = PAPER.parse(typed);
        try {
            return new RecoveryKey(SealingSecret.of(bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Fourteen numbered groups on two lines, each ended by a line feed; the caller wipes them. */
    public char[] print() {
        byte[] bytes = secret.bytes();
        try {
            return PAPER.print(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    public SealingKey publicKey() {
        return secret.publicKey();
    }

    /** {@code holdfast-recovery-v1 BASE64} and a line feed. */
    public static String publicFile(SealingKey publicKey) {
        return PUBLIC_TAG + " " + publicKey.base64() + "\n";
    }

    public static SealingKey parsePublicFile(String file) {
        String[] fields = file.strip().split(" ", -1);
        if (fields.length != 2 || !fields[0].equals(PUBLIC_TAG)) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "public recovery key is damaged",
                    "Expected one line `" + PUBLIC_TAG + " BASE64`. " + KeyException.TAKE_AGAIN);
        }
        return SealingKey.ofBase64(fields[1]);
    }

    /** See {@link SealingSecret#unwrap}. */
    public byte[] unwrap(byte[] info, byte[] wrapped) {
        return secret.unwrap(info, wrapped);
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        secret.close();
    }

    @Override
    public String toString() {
        return "RecoveryKey of " + publicKey();
    }
}
