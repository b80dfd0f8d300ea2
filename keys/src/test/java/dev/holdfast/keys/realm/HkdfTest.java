package dev.holdfast.keys.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;

final class HkdfTest {
    @Test
    void agreesWithAnotherImplementationAtEveryLength() {
        byte[] secret = HexFormat.of().parseHex("0b".repeat(22));
        byte[] salt = HexFormat.of().parseHex("000102030405060708090a0b0c");
        for (int length : new int[] {1, 31, 32, 33, 64, 2048, 8160}) {
            HKDFBytesGenerator reference = new HKDFBytesGenerator(new SHA256Digest());
            reference.init(new HKDFParameters(secret, salt, "some label".getBytes(StandardCharsets.US_ASCII)));
            byte[] expected = new byte[length];
            reference.generateBytes(expected, 0, length);
            assertThat(Hkdf.derive(secret, salt, "some label", length)).isEqualTo(expected);
        }
    }
}
