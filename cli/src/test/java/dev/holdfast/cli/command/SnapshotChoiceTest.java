package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class SnapshotChoiceTest {
    private static final Instant FIRST = Instant.parse("2026-11-01T02:00:00.500Z");

    private final List<SnapshotRecord> records = chain(40);
    private final SnapshotChoice choice = new SnapshotChoice("alice/photos", records, new LocalTimes(ZoneOffset.UTC));

    private static List<SnapshotRecord> chain(int count) {
        List<SnapshotRecord> chain = new ArrayList<>();
        RecordHash previous = RecordHash.NONE;
        for (int i = 0; i < count; i++) {
            Instant received = FIRST.plus(Duration.ofDays(i));
            SnapshotSummary summary = new SnapshotSummary(
                    "alice",
                    "photos",
                    ObjectId.copyOf(new byte[32], 0),
                    SnapshotSummary.Outcome.COMPLETE,
                    false,
                    new UUID(0, i),
                    received,
                    1,
                    1,
                    1);
            SnapshotRecord record = new SnapshotRecord(i + 1, previous, received, false, new UUID(1, 2), summary);
            chain.add(record);
            previous = record.hash();
        }
        return chain;
    }

    private static void assertNotFound(ThrowingCallable work, String message, String hint) {
        assertThatThrownBy(work).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(ProblemCode.NOT_FOUND);
            assertThat(e.problem().message()).contains(message);
            assertThat(e.problem().hint()).contains(hint);
        });
    }

    @Test
    void theNewestByThenIsTaken() {
        assertThat(choice.latest()).isEqualTo(records.get(39));
        assertThat(choice.at(FIRST)).isEqualTo(records.get(0));
        assertThat(choice.at(FIRST.plus(Duration.ofHours(47)))).isEqualTo(records.get(1));
    }

    @Test
    void beforeTheFirstThereIsNothingAndTheOldestAreNamed() {
        assertNotFound(
                () -> choice.at(FIRST.minusMillis(1)),
                "no snapshot of alice/photos from 2026-11-01 02:00:00",
                records.get(0).hash().brief() + " (2026-11-01 02:00:00)");
    }

    @Test
    void anIdIsFoundByItsBeginningInAnyCase() {
        SnapshotRecord wanted = records.get(7);

        assertThat(choice.id(wanted.id())).isEqualTo(wanted);
        assertThat(choice.id(wanted.id().substring(0, 12).toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(wanted);
        assertThat(choice.id("latest")).isEqualTo(records.get(39));
    }

    @Test
    void anIdThatFitsSeveralListsThem() {
        // Forty ids cannot all begin with different digits.
        String digit = records.stream()
                .map(record -> record.id().substring(0, 1))
                .filter(first -> records.stream()
                                .filter(record -> record.id().startsWith(first))
                                .count()
                        > 1)
                .findFirst()
                .orElseThrow();

        assertNotFound(() -> choice.id(digit), "several snapshots of alice/photos begin with " + digit, digit);
    }

    @Test
    void anIdThatFitsNoneListsTheNewest() {
        String unknown = records.stream().anyMatch(record -> record.id().startsWith("0123")) ? "3210" : "0123";

        assertNotFound(
                () -> choice.id(unknown),
                "no snapshot " + unknown + " of alice/photos",
                records.get(39).hash().brief());
    }

    @Test
    void whatIsNoIdIsWrongUse() {
        assertThatThrownBy(() -> choice.id("yesterday"))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("no snapshot id");
    }
}
