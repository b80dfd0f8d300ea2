package dev.holdfast.keys.realm;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.Golden;
import dev.holdfast.keys.KeyException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RealmKeyTest {
    /** A slot of an epoch that is not known yet cannot be told from one whose epoch was damaged. */
    private static final List<Reason> OTHER_EPOCH = List.of(Reason.WRONG, Reason.MISSING);

    private final SecureRandom random = new FixedRandom(11);
    private final RealmKey key = RealmKey.generate("home", random);

    @Test
    void theGearTableIsFrozen() {
        StringBuilder text = new StringBuilder();
        for (long entry : key.gearTable()) {
            text.append(HexFormat.of().toHexDigits(entry)).append('\n');
        }
        Golden.check("gear-table.txt", text.toString());
    }

    @Test
    void derivedKeysAndTheEncodedKeyAreFrozen() {
        byte[] message = "abc".getBytes(StandardCharsets.US_ASCII);
        HexFormat hex = HexFormat.of();
        Golden.check(
                "realm-key.txt",
                "encoded   " + hex.formatHex(key.encode())
                        + "\nobject id " + hex.formatHex(key.newObjectIdMac().doFinal(message))
                        + "\ncontent   " + hex.formatHex(key.newContentMac().doFinal(message))
                        + "\npages     " + hex.formatHex(key.newPageMac().tag(message)) + "\n");
    }

    @Test
    void aKeyMadeLongAgoAndItsKeySlotStillOpen() {
        String[] lines = Golden.read("key-slot.txt").split("\n", -1);
        HexFormat hex = HexFormat.of();
        RealmKey old = RealmKey.decode(hex.parseHex(lines[0]));
        try (SessionKey session = old.openSlot(hex.parseHex(lines[1]), hex.parseHex(lines[2]))) {
            byte[] sealed = hex.parseHex(lines[3]);
            byte[] plain = new byte[sealed.length - 16];
            session.newAead().open(5, new byte[] {9, 7}, 1, 1, sealed, 0, sealed.length, plain, 0);
            assertThat(new String(plain, StandardCharsets.US_ASCII)).isEqualTo("what was sealed stays readable");
        }
    }

    @Test
    void aSlotIsWrittenAsTheGoldenOneWas() {
        HexFormat hex = HexFormat.of();
        RealmKey two = key.withNewEpoch(random);
        try (SessionKey session = two.newSession(random)) {
            byte[] plain = "what was sealed stays readable".getBytes(StandardCharsets.US_ASCII);
            byte[] sealed = new byte[plain.length + 16];
            session.newAead().seal(5, new byte[] {7}, 0, 1, plain, 0, plain.length, sealed, 0);
            Golden.check(
                    "key-slot.txt",
                    String.join(
                            "\n",
                            hex.formatHex(two.encode()),
                            hex.formatHex(session.slotId()),
                            hex.formatHex(session.slotPayload()),
                            hex.formatHex(sealed)));
        }
    }

    @Test
    void theThreeDerivationsAndTwoRealmsHaveNothingInCommon() {
        RealmKey other = RealmKey.generate("home", random);
        byte[] message = {1};
        assertThat(key.newObjectIdMac().doFinal(message))
                .isNotEqualTo(key.newContentMac().doFinal(message))
                .isNotEqualTo(other.newObjectIdMac().doFinal(message));
        assertThat(key.newPageMac().tag(message))
                .isNotEqualTo(other.newPageMac().tag(message));
        assertThat(key.gearTable()).isNotEqualTo(other.gearTable());
        assertThat(Arrays.stream(key.gearTable()).distinct()).hasSize(256);
    }

    @Test
    void aNewEpochKeepsIdsAndChunksAndOpensOldSlots() {
        RealmKey next = key.withNewEpoch(random);
        assertThat(next.currentEpoch()).isEqualTo(2);
        assertThat(key.currentEpoch()).isEqualTo(1);
        assertThat(next.gearTable()).isEqualTo(key.gearTable());
        assertThat(next.newObjectIdMac().doFinal())
                .isEqualTo(key.newObjectIdMac().doFinal());
        try (SessionKey old = key.newSession(random)) {
            next.openSlot(old.slotId(), old.slotPayload()).close();
        }
        try (SessionKey fresh = next.newSession(random)) {
            assertThat(failure(() -> key.openSlot(fresh.slotId(), fresh.slotPayload()))
                            .reason())
                    .isEqualTo(Reason.MISSING);
            assertThat(failure(() -> key.heldBy("alice").openSlot(fresh.slotId(), fresh.slotPayload()))
                            .hint())
                    .contains("`holdfast configure alice`");
        }
    }

    @Test
    void aNewEpochSurvivesClosingTheOldKey() {
        RealmKey next = key.withNewEpoch(random);
        byte[] before = next.encode();
        key.close();
        assertThat(next.encode()).isEqualTo(before);
    }

    @Test
    void everyDamagedByteOfASlotIsFound() {
        try (SessionKey session = key.newSession(random)) {
            byte[] payload = session.slotPayload();
            assertThat(payload).hasSize(SessionKey.SLOT_PAYLOAD_BYTES);
            for (int i = 0; i < payload.length; i++) {
                byte[] damaged = payload.clone();
                damaged[i] ^= 1;
                assertThat(failure(() -> key.openSlot(session.slotId(), damaged))
                                .reason())
                        .isIn(i < Integer.BYTES ? OTHER_EPOCH : List.of(Reason.WRONG));
                byte[] cut = Arrays.copyOf(payload, i);
                assertThat(failure(() -> key.openSlot(session.slotId(), cut)).reason())
                        .isEqualTo(Reason.MALFORMED);
            }
            byte[] otherId = session.slotId();
            otherId[31] ^= 1;
            assertThat(failure(() -> key.openSlot(otherId, payload)).reason()).isEqualTo(Reason.WRONG);
        }
    }

    @Test
    void everyDamagedOrMissingByteOfAnEncodedKeyIsFound() {
        byte[] encoded = key.withNewEpoch(random).encode();
        for (int i = 0; i < encoded.length; i++) {
            byte[] damaged = encoded.clone();
            damaged[i] ^= 0x40;
            assertThat(failure(() -> RealmKey.decode(damaged)).reason()).isEqualTo(Reason.MALFORMED);
            byte[] cut = Arrays.copyOf(encoded, i);
            assertThat(failure(() -> RealmKey.decode(cut)).reason()).isEqualTo(Reason.MALFORMED);
        }
        RealmKey back = RealmKey.decode(encoded);
        assertThat(back.encode()).isEqualTo(encoded);
        assertThat(back.realm()).isEqualTo("home");
    }

    @Test
    void namesThatCouldNotBeFileNamesAreRefused() {
        for (String name : new String[] {"", "..", "-x", "a/b", "a b", "a\nb", "ü", "x".repeat(101)}) {
            assertThat(failure(() -> RealmKey.generate(name, random)).reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void aClosedKeyIsWipedAndOfNoUse() {
        key.close();
        assertThatIllegalStateException().isThrownBy(key::encode);
        assertThatIllegalStateException().isThrownBy(key::gearTable);
        assertThatIllegalStateException().isThrownBy(() -> key.newSession(random));
    }

    @Test
    void nothingPrintsASecret() {
        String root = HexFormat.of().formatHex(key.encode());
        assertThat(key.toString())
                .isEqualTo("RealmKey of realm 'home', epoch 1")
                .doesNotContain(root);
        assertThat(key.newSession(random)).hasToString("SessionKey");
    }
}
