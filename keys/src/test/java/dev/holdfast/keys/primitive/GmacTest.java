package dev.holdfast.keys.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.GMac;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;

final class GmacTest {
    private static final List<Integer> LENGTHS = List.of(0, 1, 15, 16, 17, 4096, 8192, 65_535, 65_536, 65_537, 1 << 20);
    private final SplittableRandom random = new SplittableRandom(12);

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] independent(byte[] key, byte[] message) {
        GMac mac = new GMac(GCMBlockCipher.newInstance(AESEngine.newInstance()));
        mac.init(new ParametersWithIV(new KeyParameter(key), new byte[12]));
        mac.update(message, 0, message.length);
        byte[] tag = new byte[16];
        mac.doFinal(tag, 0);
        return tag;
    }

    @Test
    void isTheGmacOfAnotherImplementationWithTheJdkAndWithTheSystemsLibrary() {
        byte[] key = bytes(32);
        GcmEngine jdk = new GcmEngine(new SecretKeySpec(key, "AES"), length -> false);
        GcmEngine either = new GcmEngine(new SecretKeySpec(key, "AES"), length -> Libcrypto.load());
        Gmac ours = new Gmac(key);
        for (int length : LENGTHS) {
            byte[] message = bytes(length);
            byte[] expected = independent(key, message);
            assertThat(ours.tag(message)).isEqualTo(expected);
            assertThat(jdk.tag(new byte[12], message)).isEqualTo(expected);
            assertThat(either.tag(new byte[12], message)).isEqualTo(expected);
        }
        assumeTrue(Libcrypto.load(), "NOT TESTED: no libcrypto on this machine");
    }

    @Test
    void theSameMessageHasTheSameTagAndOneBitMakesAnother() {
        Gmac mac = new Gmac(bytes(32));
        byte[] message = bytes(8192);
        byte[] tag = mac.tag(message);
        assertThat(mac.tag(message)).isEqualTo(tag);
        for (int bit : new int[] {0, 7, 8191 * 8, 4000 * 8 + 3}) {
            byte[] other = message.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(mac.tag(other)).isNotEqualTo(tag);
        }
        assertThat(mac.tag(Arrays.copyOf(message, 8191))).isNotEqualTo(tag);
    }
}
