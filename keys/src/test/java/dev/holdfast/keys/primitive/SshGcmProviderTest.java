package dev.holdfast.keys.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Security;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SshGcmProviderTest {
    private final SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");

    @AfterEach
    void leaveTheProcessAsItWas() {
        Security.removeProvider(SshGcmProvider.NAME);
    }

    @Test
    void takesOverAesGcmAndNothingElse() throws Exception {
        String macBefore = Mac.getInstance("HmacSHA256").getProvider().getName();
        GcmEngine.installForSsh();
        GcmEngine.installForSsh();
        assertThat(Cipher.getInstance("AES/GCM/NoPadding").getProvider().getName())
                .isEqualTo(SshGcmProvider.NAME);
        assertThat(Cipher.getInstance("AES/CTR/NoPadding").getProvider().getName())
                .isNotEqualTo(SshGcmProvider.NAME);
        assertThat(Mac.getInstance("HmacSHA256").getProvider().getName()).isEqualTo(macBefore);
        assertThat(Arrays.stream(Security.getProviders())
                        .filter(provider -> provider.getName().equals(SshGcmProvider.NAME)))
                .hasSize(1);
    }

    @Test
    void sealsAndOpensPacketsInPlaceAsTheJdkDoes() throws Exception {
        Cipher jdk = JdkGcm.cipher();
        GcmEngine.installForSsh();
        Cipher ours = Cipher.getInstance("AES/GCM/NoPadding");
        Cipher opener = Cipher.getInstance("AES/GCM/NoPadding");
        for (int packet = 1; packet <= 40; packet++) {
            byte[] nonce = new byte[12];
            nonce[11] = (byte) packet;
            byte[] buffer = new byte[4 + 1000 * packet + 16];
            Arrays.fill(buffer, (byte) packet);
            int length = buffer.length - 20;
            jdk.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            jdk.updateAAD(buffer, 0, 4);
            byte[] expected = jdk.doFinal(buffer, 4, length);

            ours.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            ours.updateAAD(buffer, 0, 4);
            assertThat(ours.doFinal(buffer, 4, length, buffer, 4)).isEqualTo(length + 16);
            assertThat(Arrays.copyOfRange(buffer, 4, buffer.length)).isEqualTo(expected);

            opener.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            opener.updateAAD(buffer, 0, 4);
            opener.update(buffer, 4, 100);
            assertThat(opener.doFinal(buffer, 104, length + 16 - 100))
                    .hasSize(length)
                    .containsOnly(packet);
        }
    }

    @Test
    void aForgedPacketIsRefused() throws Exception {
        GcmEngine.installForSsh();
        Cipher opener = Cipher.getInstance("AES/GCM/NoPadding");
        opener.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, new byte[12]));
        assertThatThrownBy(() -> opener.doFinal(new byte[50])).isInstanceOf(AEADBadTagException.class);
    }
}
