package dev.holdfast.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SnapshotRecordTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

    private static SnapshotRecord record(long sequence, RecordHash previous, Instant received) {
        return record(sequence, previous, received, true, false);
    }

    private static SnapshotRecord record(
            long sequence, RecordHash previous, Instant received, boolean clockStepped, boolean fuzzy) {
        SnapshotSummary summary = new SnapshotSummary(
                "zürich",
                "db/orders",
                ObjectId.ofHex("ab".repeat(32)),
                SnapshotSummary.Outcome.PARTIAL,
                fuzzy,
                new UUID(3, 4),
                Instant.EPOCH,
                17,
                1L << 40,
                12345);
        return new SnapshotRecord(sequence, previous, received, clockStepped, new UUID(1, 2), summary);
    }

    @Test
    void comesBackAsItWas() throws MalformedObjectException {
        SnapshotRecord first = record(1, RecordHash.NONE, NOON);
        assertThat(SnapshotRecord.decode(first.encode())).isEqualTo(first);
        assertThat(first.received()).isEqualTo(Instant.parse("2026-11-20T12:00:00.123Z"));
        assertThat(first.id()).hasSize(64).startsWith(first.hash().brief());
    }

    @Test
    void aSteppedClockAndFuzzyFilesAreToldApart() throws MalformedObjectException {
        SnapshotRecord stepped = record(1, RecordHash.NONE, NOON, true, false);
        SnapshotRecord fuzzy = record(1, RecordHash.NONE, NOON, false, true);

        assertThat(SnapshotRecord.decode(stepped.encode())).isEqualTo(stepped).isNotEqualTo(fuzzy);
        assertThat(SnapshotRecord.decode(fuzzy.encode())).isEqualTo(fuzzy);
    }

    @Test
    void followsOnlyTheRecordBeforeIt() {
        SnapshotRecord first = record(1, RecordHash.NONE, NOON);
        SnapshotRecord second = record(2, first.hash(), NOON.plusMillis(1));
        assertThat(second.follows(first)).isTrue();
        assertThat(record(3, first.hash(), NOON.plusMillis(1)).follows(first)).isFalse();
        assertThat(record(2, second.hash(), NOON.plusMillis(1)).follows(first)).isFalse();
        assertThat(record(2, first.hash(), NOON).follows(first)).isFalse();
        assertThatThrownBy(() -> record(2, RecordHash.NONE, NOON)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> record(1, first.hash(), NOON)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyCutIsRefusedAndEveryFlippedBitChangesTheHash() {
        SnapshotRecord record = record(1, RecordHash.NONE, NOON);
        byte[] good = record.encode();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> SnapshotRecord.decode(cut)).isInstanceOf(MalformedObjectException.class);
        }
        assertThatThrownBy(() -> SnapshotRecord.decode(Arrays.copyOf(good, good.length + 1)))
                .isInstanceOf(MalformedObjectException.class);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(SnapshotRecord.decode(flipped).hash()).isNotEqualTo(record.hash());
            } catch (MalformedObjectException e) {
                assertThat(e).hasMessageContaining("record");
            }
        }
    }
}
