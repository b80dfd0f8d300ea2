package dev.holdfast.keys.realm;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.KeyException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class AeadTest {
    private final FixedRandom random = new FixedRandom(3);
    private final RealmKey realm = RealmKey.generate("home", random);
    private final SessionKey session = realm.newSession(random);

    @Test
    void whatOneThreadSealsAnotherOpens() {
        byte[] plain = new byte[70_000];
        random.nextBytes(plain);
        byte[] sealed = new byte[plain.length + 16 + 3];
        byte[] aad = {0, 1, 2, 3};
        int written = session.newAead().seal(1L << 40, aad, 1, 2, plain, 0, plain.length, sealed, 3);
        assertThat(written).isEqualTo(plain.length + 16);
        byte[] out = new byte[plain.length + 1];
        int opened = session.newAead().open(1L << 40, new byte[] {1, 2}, 0, 2, sealed, 3, written, out, 1);
        assertThat(opened).isEqualTo(plain.length);
        assertThat(Arrays.copyOfRange(out, 1, out.length)).isEqualTo(plain);
    }

    @Test
    void theNonceAndAdditionalDataAreAsDocumented() throws Exception {
        byte[] dataKey = new byte[32];
        dataKey[0] = 5;
        byte[] realmId = realm.realmId();
        Aead aead = new Aead(new SecretKeySpec(dataKey, "AES"), realmId);
        byte[] sealed = new byte[19];
        aead.seal(0x0102030405060708L, new byte[] {42}, 0, 1, new byte[] {1, 2, 3}, 0, 3, sealed, 0);

        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce =
                ByteBuffer.allocate(12).putInt(0).putLong(0x0102030405060708L).array();
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(dataKey, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(realmId);
        cipher.updateAAD(new byte[] {42});
        assertThat(cipher.doFinal(sealed)).containsExactly(1, 2, 3);
    }

    @Test
    void anotherCounterAdditionalDataSessionOrRealmDoesNotOpen() {
        byte[] aad = {8};
        byte[] sealed = new byte[20];
        session.newAead().seal(9, aad, 0, 1, new byte[4], 0, 4, sealed, 0);
        Aead aead = session.newAead();
        byte[] out = new byte[4];
        assertThat(failure(() -> aead.open(10, aad, 0, 1, sealed, 0, 20, out, 0))
                        .reason())
                .isEqualTo(Reason.WRONG);
        assertThat(failure(() -> aead.open(9, aad, 0, 0, sealed, 0, 20, out, 0)).reason())
                .isEqualTo(Reason.WRONG);
        assertThat(failure(() -> aead.open(9, aad, 0, 1, sealed, 0, 15, out, 0)).reason())
                .isEqualTo(Reason.WRONG);
        Aead other = realm.newSession(random).newAead();
        assertThat(failure(() -> other.open(9, aad, 0, 1, sealed, 0, 20, out, 0))
                        .reason())
                .isEqualTo(Reason.WRONG);
        assertThat(aead.open(9, aad, 0, 1, sealed, 0, 20, out, 0)).isEqualTo(4);
    }

    @Test
    void aReopenedSlotOpensWhatTheSessionSealed() {
        byte[] sealed = new byte[17];
        session.newAead().seal(0, new byte[0], 0, 0, new byte[] {77}, 0, 1, sealed, 0);
        byte[] out = new byte[1];
        try (SessionKey again = RealmKey.decode(realm.encode()).openSlot(session.slotId(), session.slotPayload())) {
            again.newAead().open(0, new byte[0], 0, 0, sealed, 0, 17, out, 0);
        }
        assertThat(out).containsExactly(77);
    }

    @Test
    void aClosedSessionGivesNoMoreSealers() {
        session.close();
        assertThatIllegalStateException().isThrownBy(session::newAead);
    }
}
