package dev.holdfast.keys.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class GcmEngineTest {
    private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "AES");
    private static final byte[][] AAD = {{1, 2, 3}, {}, {4}};
    private static final List<Integer> LENGTHS =
            List.of(0, 1, 15, 16, 17, 4095, 4096, 4097, 8191, 8192, 8193, 12_305, 100_000);
    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void sealsExactlyAsThePlainJdkCipherDoesAtEveryLength() throws Exception {
        GcmEngine engine = withoutNative();
        for (int length : LENGTHS) {
            byte[] nonce = bytes(12);
            byte[] plain = bytes(length);
            byte[] out = new byte[length + 16 + 5];
            assertThat(engine.seal(nonce, AAD, Span.of(plain), out, 5)).isEqualTo(length + 16);
            assertThat(Arrays.copyOfRange(out, 5, out.length)).isEqualTo(reference(nonce, plain));
        }
    }

    @Test
    void opensWhatThePlainJdkCipherSealedAtEveryLength() throws Exception {
        GcmEngine engine = withoutNative();
        for (int length : LENGTHS) {
            byte[] nonce = bytes(12);
            byte[] plain = bytes(length);
            byte[] sealed = reference(nonce, plain);
            byte[] out = new byte[length];
            assertThat(engine.open(nonce, AAD, Span.of(sealed), out, 0)).isEqualTo(length);
            assertThat(out).isEqualTo(plain);
            assertThat(engine.open(nonce, AAD, Span.of(sealed), sealed, 0)).isEqualTo(length);
            assertThat(Arrays.copyOf(sealed, length))
                    .as("in place, and the same message twice")
                    .isEqualTo(plain);
        }
    }

    @Test
    void aFlippedBitAnywhereIsFoundAndNothingIsReleased() throws Exception {
        GcmEngine engine = withoutNative();
        byte[] nonce = bytes(12);
        byte[] sealed = reference(nonce, bytes(4200));
        for (int i = 0; i < sealed.length; i += 7) {
            byte[] damaged = sealed.clone();
            damaged[i] ^= 0x10;
            byte[] out = bytes(4200);
            assertThatThrownBy(() -> engine.open(nonce, AAD, Span.of(damaged), out, 0))
                    .isInstanceOf(AEADBadTagException.class);
            assertThat(out).containsOnly(0);
        }
        byte[] last = sealed.clone();
        last[last.length - 1] ^= 1;
        assertThatThrownBy(() -> engine.open(nonce, AAD, Span.of(last), new byte[4200], 0))
                .isInstanceOf(AEADBadTagException.class);
    }

    @Test
    void otherAdditionalDataNonceOrACutMessageDoesNotOpen() throws Exception {
        GcmEngine engine = withoutNative();
        byte[] nonce = bytes(12);
        byte[] sealed = reference(nonce, bytes(100));
        byte[] out = new byte[100];
        byte[][] otherAad = {{1, 2, 3}, {5}};
        assertThatThrownBy(() -> engine.open(nonce, otherAad, Span.of(sealed), out, 0))
                .isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> engine.open(bytes(12), AAD, Span.of(sealed), out, 0))
                .isInstanceOf(AEADBadTagException.class);
        for (int length = 0; length < sealed.length; length++) {
            Span cut = new Span(sealed, 0, length);
            assertThatThrownBy(() -> engine.open(nonce, AAD, cut, out, 0)).isInstanceOf(AEADBadTagException.class);
        }
    }

    @Test
    void theSameNonceTwiceInARowIsRefused() {
        GcmEngine engine = withoutNative();
        byte[] nonce = bytes(12);
        engine.seal(nonce, AAD, Span.of(bytes(10)), new byte[26], 0);
        assertThatIllegalStateException()
                .isThrownBy(() -> engine.seal(nonce, AAD, Span.of(bytes(10)), new byte[26], 0))
                .withMessageContaining("nonce");
    }

    @Test
    void tooSmallAnOutputIsRefusedBeforeAnythingHappens() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withoutNative().seal(bytes(12), AAD, Span.of(bytes(10)), new byte[25], 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withoutNative().open(bytes(12), AAD, Span.of(bytes(30)), new byte[13], 0));
    }

    @Test
    void changesOverToTheSystemsLibraryBetweenTwoMessages() throws Exception {
        assumeTrue(Libcrypto.load(), "NOT TESTED: no libcrypto on this machine");
        AtomicBoolean ready = new AtomicBoolean();
        GcmEngine engine = new GcmEngine(KEY, bytes -> ready.get());
        for (int round = 0; round < 2; round++) {
            for (int length : List.of(0, 1, 9000, 65_535, 65_536, 65_537, 200_000)) {
                byte[] nonce = bytes(12);
                byte[] plain = bytes(length);
                byte[] sealed = new byte[length + 16];
                engine.seal(nonce, AAD, Span.of(plain), sealed, 0);
                assertThat(sealed).isEqualTo(reference(nonce, plain));
                byte[] damaged = sealed.clone();
                damaged[damaged.length - 1] ^= 1;
                assertThat(engine.open(nonce, AAD, Span.of(sealed), sealed, 0)).isEqualTo(length);
                assertThat(Arrays.copyOf(sealed, length)).isEqualTo(plain);
                assertThatThrownBy(() -> engine.open(nonce, AAD, Span.of(damaged), damaged, 0))
                        .isInstanceOf(AEADBadTagException.class);
                assertThat(Arrays.copyOf(damaged, length)).isEqualTo(new byte[length]);
            }
            ready.set(true);
        }
    }

    @Test
    void theSystemsLibraryTakesKeysOfEveryLength() throws Exception {
        assumeTrue(Libcrypto.load(), "NOT TESTED: no libcrypto on this machine");
        for (int keyBytes : List.of(16, 24, 32)) {
            SecretKeySpec key = new SecretKeySpec(bytes(keyBytes), "AES");
            byte[] nonce = bytes(12);
            byte[] plain = bytes(300);
            byte[] out = new byte[316];
            new GcmEngine(key, bytes -> true).seal(nonce, AAD, Span.of(plain), out, 0);
            assertThat(out).isEqualTo(reference(key, nonce, plain));
        }
    }

    private static GcmEngine withoutNative() {
        return new GcmEngine(KEY, bytes -> false);
    }

    private static byte[] reference(byte[] nonce, byte[] plain) throws Exception {
        return reference(KEY, nonce, plain);
    }

    private static byte[] reference(SecretKeySpec key, byte[] nonce, byte[] plain) throws Exception {
        Cipher cipher = JdkGcm.cipher();
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(new byte[] {1, 2, 3, 4});
        return cipher.doFinal(plain);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
