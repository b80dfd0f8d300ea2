package dev.holdfast.keys.seal;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.Golden;
import dev.holdfast.keys.KeyException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class SealingKeyTest {
    private static final byte[] INFO = "some info".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = "a secret".getBytes(StandardCharsets.US_ASCII);
    private final FixedRandom random = new FixedRandom(5);
    private final SealingSecret secret = SealingSecret.generate(random);

    @Test
    void onlyTheHolderUnwrapsAndOnlyWithTheSameInfo() {
        byte[] wrapped = secret.publicKey().wrap(INFO, MESSAGE, random);
        assertThat(wrapped).hasSize(32 + MESSAGE.length + 16);
        assertThat(secret.unwrap(INFO, wrapped)).isEqualTo(MESSAGE);
        assertThat(failure(() -> secret.unwrap(MESSAGE, wrapped)).reason()).isEqualTo(Reason.WRONG);
        SealingSecret other = SealingSecret.generate(random);
        assertThat(failure(() -> other.unwrap(INFO, wrapped)).reason()).isEqualTo(Reason.WRONG);
    }

    @Test
    void everyFlippedOrMissingByteIsFound() {
        byte[] wrapped = secret.publicKey().wrap(INFO, MESSAGE, random);
        for (int i = 0; i < wrapped.length; i++) {
            byte[] damaged = wrapped.clone();
            damaged[i] ^= 1;
            assertThat(failure(() -> secret.unwrap(INFO, damaged)).reason()).isEqualTo(Reason.WRONG);
            byte[] cut = Arrays.copyOf(wrapped, i);
            assertThat(failure(() -> secret.unwrap(INFO, cut)).reason()).isEqualTo(Reason.WRONG);
        }
    }

    /** The file was also opened with a key schedule of RFC 9180 written apart, in Python on pyca/cryptography. */
    @Test
    void theWrappedFormIsFrozen() {
        HexFormat hex = HexFormat.of();
        Golden.check(
                "hpke.txt",
                hex.formatHex(secret.bytes()) + "\n"
                        + hex.formatHex(secret.publicKey().bytes()) + "\n"
                        + hex.formatHex(INFO) + "\n"
                        + hex.formatHex(secret.publicKey().wrap(INFO, MESSAGE, random)) + "\n"
                        + hex.formatHex(MESSAGE) + "\n");
    }

    @Test
    void aPointOfLowOrderIsRefused() {
        SealingKey zero = SealingKey.of(new byte[32]);
        assertThat(failure(() -> zero.wrap(INFO, MESSAGE, random)).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void onlyTheOneBase64FormIsRead() {
        SealingKey key = secret.publicKey();
        assertThat(SealingKey.ofBase64(key.base64())).isEqualTo(key);
        for (String wrong :
                new String[] {"", "AAAA", key.base64() + "A", key.base64().replace("=", ""), "?"}) {
            assertThat(failure(() -> SealingKey.ofBase64(wrong)).reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void theSecretIsNotPrinted() {
        assertThat(secret.toString()).isEqualTo("SealingSecret of " + secret.publicKey());
    }
}
