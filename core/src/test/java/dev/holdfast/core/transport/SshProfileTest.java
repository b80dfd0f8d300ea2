package dev.holdfast.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import javax.crypto.Cipher;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.junit.jupiter.api.Test;

final class SshProfileTest {
    /** Otherwise every connection crawls for its first hundreds of megabytes, and nothing else shows it. */
    @Test
    void theSshLibraryTakesAesGcmFromWhatIsFastAtOnce() throws Exception {
        SshProfile.prepare();
        Cipher cipher = SecurityUtils.getCipher("AES/GCM/NoPadding");
        assertThat(cipher.getProvider().getName()).isEqualTo("HoldfastGcm");
    }
}
