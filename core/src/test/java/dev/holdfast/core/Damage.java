package dev.holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.codec.MalformedException;
import java.util.Arrays;

/** Cuts bytes at every length and flips every byte of them: what reads them must say so or give something else. */
public final class Damage {
    private static final int[] FLIPS = {0x01, 0x80, 0xff};

    private Damage() {}

    /** Reads bytes and writes what it understood again; throws {@link MalformedException} and nothing else. */
    @FunctionalInterface
    public interface Reader {
        byte[] readAndWrite(byte[] bytes) throws MalformedException;
    }

    public static void everyCutIsRefused(byte[] good, Reader reader) {
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> reader.readAndWrite(cut))
                    .as("cut at %d", length)
                    .isInstanceOf(MalformedException.class);
        }
    }

    public static void everyFlipIsNoticed(byte[] good, Reader reader) {
        for (int i = 0; i < good.length; i++) {
            for (int flip : FLIPS) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) flip;
                try {
                    if (Arrays.equals(reader.readAndWrite(bad), good)) {
                        throw new AssertionError("byte " + i + " flipped by " + flip + " changes nothing");
                    }
                } catch (MalformedException e) {
                    assertThat(e.getMessage()).isNotBlank();
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("byte " + i + " flipped by " + flip, e);
                }
            }
        }
    }

    /** Bytes of no meaning, most of them after a good beginning. */
    public static void garbageIsRefused(byte[] good, Reader reader) {
        Seeds.forEach(3000, random -> {
            byte[] bad = Seeds.bytes(random, random.nextInt(200));
            System.arraycopy(good, 0, bad, 0, random.nextInt(Math.min(good.length, bad.length) + 1));
            try {
                assertThat(reader.readAndWrite(bad)).isNotNull();
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }
}
