package dev.holdfast.keys.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class HmacTest {
    private static final List<Integer> LENGTHS =
            List.of(0, 1, 55, 56, 63, 64, 65, 8192, 65_535, 65_536, 65_537, 300_000);
    private final SplittableRandom random = new SplittableRandom(11);

    @Test
    void isTheJdksHmacBeforeAndAfterTheChangeToTheSystemsLibrary() throws Exception {
        for (int keyBytes : List.of(1, 32, 64, 65, 200)) {
            byte[] key = bytes(keyBytes);
            Mac jdk = Mac.getInstance("HmacSHA256", "SunJCE");
            jdk.init(new SecretKeySpec(key, "HmacSHA256"));
            Mac ours = Hmac.sha256(key);
            for (int round = 0; round < 2; round++) {
                for (int length : LENGTHS) {
                    byte[] text = bytes(length);
                    assertThat(ours.doFinal(text)).isEqualTo(jdk.doFinal(text));
                    ours.update(text, 0, length / 2);
                    ours.update(text, length / 2, length - length / 2);
                    ours.update((byte) 7);
                    jdk.update(text);
                    jdk.update((byte) 7);
                    assertThat(ours.doFinal()).isEqualTo(jdk.doFinal());
                }
            }
        }
        assumeTrue(Libcrypto.load(), "NOT TESTED: no libcrypto on this machine");
    }

    @Test
    void aMessageThatWasBegunWithTheJdkIsEndedWithIt() throws Exception {
        byte[] key = bytes(32);
        byte[] text = bytes(100);
        Mac ours = Hmac.sha256(key);
        ours.update(text);
        assumeTrue(Libcrypto.load(), "NOT TESTED: no libcrypto on this machine");
        byte[] changing = ours.doFinal();
        assertThat(ours.doFinal(text)).isEqualTo(changing);
    }

    @Test
    void aResetForgetsWhatWasGiven() {
        assumeTrue(Libcrypto.load(), "NOT TESTED: no libcrypto on this machine");
        byte[] text = bytes(100);
        Mac ours = Hmac.sha256(bytes(32));
        byte[] expected = ours.doFinal(text);
        ours.update(bytes(70_000));
        ours.reset();
        assertThat(ours.doFinal(text)).isEqualTo(expected);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
