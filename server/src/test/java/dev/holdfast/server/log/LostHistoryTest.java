package dev.holdfast.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.server.disk.CrashingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was acknowledged is missed when it is gone; what was not may go. */
final class LostHistoryTest {
    private static final Path REALM = Path.of("/srv/realms/home");
    private static final Path LOG = REALM.resolve("hosts/alice/snapshots.log");
    private static final Path HEADS = REALM.resolve("heads");
    private static final UUID REPOSITORY = new UUID(1, 2);

    private final CrashingDisk disk = new CrashingDisk();
    private final List<SnapshotRecord> records = new ArrayList<>();

    @BeforeEach
    void threeSnapshotsOfAliceAndOneOfBob() throws IOException {
        disk.createDirectories(REALM);
        try (SnapshotLog log = open()) {
            for (int i = 0; i < 3; i++) {
                records.add(log.append(summary("alice", i)));
            }
            log.append(summary("bob", 9));
        }
    }

    private SnapshotLog open() throws IOException {
        return SnapshotLog.open(disk, REALM, REPOSITORY, InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z")));
    }

    private static SnapshotSummary summary(String host, int number) {
        byte[] id = new byte[ObjectId.BYTES];
        id[0] = (byte) number;
        return new SnapshotSummary(
                host,
                "documents",
                ObjectId.copyOf(id, 0),
                SnapshotSummary.Outcome.COMPLETE,
                false,
                new UUID(0, number),
                Instant.EPOCH,
                1,
                1,
                1);
    }

    private byte[] content(Path file) throws IOException {
        try (var reading = disk.open(file)) {
            byte[] bytes = new byte[(int) reading.size()];
            reading.readFully(bytes, 0);
            return bytes;
        }
    }

    private void replace(Path file, byte[] bytes) throws IOException {
        disk.delete(file);
        try (var writing = disk.create(file)) {
            writing.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    private int lastFrame() throws IOException {
        int frame = LogFormat.FRAME_BYTES + records.get(2).encode().length;
        return content(LOG).length - frame;
    }

    private void assertDamage(String... words) throws IOException {
        byte[] before = content(LOG);
        for (int start = 1; start <= 2; start++) {
            try (SnapshotLog log = open()) {
                assertThat(log.damage())
                        .as("start %d", start)
                        .singleElement()
                        .satisfies(damage -> assertThat(damage).message().contains(words));
                assertThatThrownBy(() -> log.append(summary("alice", 4))).isInstanceOf(CorruptLogException.class);
                log.append(summary("bob", 5));
            }
        }
        assertThat(content(LOG)).as("nothing was cut").isEqualTo(before);
    }

    private List<String> shown(SnapshotLog log) throws IOException {
        List<String> ids = new ArrayList<>();
        log.forEach("alice", record -> true, record -> ids.add(record.id()));
        return ids;
    }

    private List<String> firstTwo() {
        return records.stream().limit(2).map(SnapshotRecord::id).toList();
    }

    @Test
    void aFlippedByteAnywhereInTheLastRecordIsDamageAndNotATornWrite() throws IOException {
        byte[] whole = content(LOG);
        for (int at = lastFrame(); at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 16;
            replace(LOG, damaged);
            try (SnapshotLog log = open()) {
                assertThat(log.damage()).as("byte %d", at).hasSize(1);
                assertThat(log.cutTails()).isEmpty();
                assertThat(shown(log)).isEqualTo(firstTwo());
            }
        }
        assertDamage("at offset " + lastFrame(), records.get(2).hash().brief(), "record 3 of host 'alice'");
    }

    @Test
    void aLogThatWasCutBackToAnEarlierRecordIsDamage() throws IOException {
        byte[] whole = content(LOG);
        for (int length = lastFrame(); length < whole.length; length++) {
            replace(LOG, Arrays.copyOf(whole, length));
            try (SnapshotLog log = open()) {
                assertThat(log.damage()).as("cut at %d", length).hasSize(1);
            }
        }
        assertDamage("acknowledged and is no longer whole there");
    }

    @Test
    void aRecordThatNobodyWasToldOfMayBeTorn() throws IOException {
        byte[] whole = content(LOG);
        byte[] more = Arrays.copyOf(whole, 2 * whole.length - lastFrame() - 1);
        System.arraycopy(whole, lastFrame(), more, whole.length, more.length - whole.length);
        replace(LOG, more);
        try (SnapshotLog log = open()) {
            assertThat(log.damage()).isEmpty();
            assertThat(log.cutTails()).hasSize(1);
            log.append(summary("alice", 4));
        }
        try (SnapshotLog log = open()) {
            assertThat(log.damage()).isEmpty();
            assertThat(shown(log)).hasSize(4);
        }
    }

    @Test
    void aLogThatIsGoneIsNamedAndItsHostDoesNotBeginAnew() throws IOException {
        disk.delete(LOG);
        for (int start = 1; start <= 2; start++) {
            try (SnapshotLog log = open()) {
                assertThat(log.damage())
                        .singleElement()
                        .satisfies(damage -> assertThat(damage).hasMessage("snapshot log " + LOG + " is missing"));
                assertThat(log.hosts()).containsExactly("alice", "bob");
                assertThat(shown(log)).isEmpty();
                assertThatThrownBy(() -> log.append(summary("alice", 4))).isInstanceOf(CorruptLogException.class);
                assertThat(disk.exists(LOG)).isFalse();
            }
        }
    }

    @Test
    void aLogThatGoesWhileTheServerRunsTakesNoMoreRecords() throws IOException {
        try (SnapshotLog log = open()) {
            byte[] whole = content(LOG);
            disk.delete(LOG);
            assertThat(log.damage()).hasSize(1);
            assertThatThrownBy(() -> log.append(summary("alice", 4))).isInstanceOf(CorruptLogException.class);
            assertThat(shown(log)).isEmpty();
            try (var writing = disk.create(LOG)) {
                writing.write(ByteBuffer.wrap(whole), 0);
            }
            assertThat(log.damage()).isEmpty();
        }
    }

    @Test
    void aLogFromAnotherLifeIsNotTakenForThisOne() throws IOException {
        CrashingDisk other = new CrashingDisk();
        other.createDirectories(REALM);
        try (SnapshotLog log = SnapshotLog.open(other, REALM, REPOSITORY, InstantSource.system())) {
            for (int i = 0; i < 3; i++) {
                log.append(summary("alice", 7 + i));
            }
        }
        try (var reading = other.open(LOG)) {
            byte[] bytes = new byte[(int) reading.size()];
            reading.readFully(bytes, 0);
            replace(LOG, bytes);
        }
        assertDamage("no record that follows the one before");
    }

    @Test
    void whoDeletesTheLinesOfAHostGoesOnWithWhatIsLeft() throws IOException {
        byte[] damaged = content(LOG);
        damaged[lastFrame() + 50] ^= 1;
        replace(LOG, damaged);
        String others = new String(content(HEADS), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.endsWith(" alice"))
                .reduce("", (before, line) -> before + line + "\n");
        replace(HEADS, others.getBytes(StandardCharsets.UTF_8));
        try (SnapshotLog log = open()) {
            assertThat(log.damage()).isEmpty();
            assertThat(shown(log)).isEqualTo(firstTwo());
            assertThat(log.append(summary("alice", 4)).sequence()).isEqualTo(3);
        }
        try (SnapshotLog log = open()) {
            assertThat(log.damage()).isEmpty();
        }
    }

    @Test
    void marksThatAreLostAreMadeFromTheLogs() throws IOException {
        byte[] before = content(HEADS);
        disk.delete(HEADS);
        open().close();
        assertThat(new String(content(HEADS), StandardCharsets.UTF_8).lines())
                .containsExactlyElementsOf(new String(before, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.endsWith("bob") || line.contains(" 3 "))
                        .toList());
    }

    @Test
    void aMarkThatCannotBeWrittenFailsNoCommitAndTheNextOneMakesUpForIt() throws IOException {
        try (SnapshotLog log = open()) {
            int[] writes = {0};
            disk.failBy((operation, number) -> {
                if (operation.equals("write") && ++writes[0] == 2) {
                    throw new IOException("No space left on device");
                }
            });
            log.append(summary("alice", 4));
            disk.failBy((operation, number) -> {});
            log.append(summary("bob", 5));
        }
        String heads = new String(content(HEADS), StandardCharsets.UTF_8);
        assertThat(heads.lines()).hasSize(2).anyMatch(line -> line.contains(" 4 ") && line.endsWith(" alice"));
    }

    private void assertNobodyGoesOn(byte[] heads) throws IOException {
        replace(HEADS, heads);
        for (int start = 1; start <= 2; start++) {
            try (SnapshotLog log = open()) {
                assertThat(log.damage())
                        .singleElement()
                        .satisfies(damage -> assertThat(damage)
                                .message()
                                .contains("list of acknowledged snapshots " + HEADS + " is damaged"));
                for (String host : List.of("alice", "bob", "carol")) {
                    assertThatThrownBy(() -> log.append(summary(host, 4))).isInstanceOf(CorruptLogException.class);
                    assertThatThrownBy(() -> log.latest(host, "documents")).isInstanceOf(CorruptLogException.class);
                }
                assertThat(shown(log)).hasSize(3);
                assertThat(log.latestWhole("alice", "documents")).contains(records.get(2));
            }
        }
        assertThat(content(HEADS)).as("it is left as it is").isEqualTo(heads);
    }

    @Test
    void marksThatAreGarbageStopEveryHostOfTheRealm() throws IOException {
        assertNobodyGoesOn("something\nelse\n".getBytes(StandardCharsets.UTF_8));
        assertNobodyGoesOn(new byte[600]);
    }

    @Test
    void aFlippedByteAnywhereInTheMarksButTheirLastLineEndIsDamage() throws IOException {
        byte[] whole = content(HEADS);
        for (int at = 0; at < whole.length - 1; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            replace(HEADS, damaged);
            try (SnapshotLog log = open()) {
                assertThat(log.damage()).as("byte %d", at).hasSize(1);
            }
        }
    }

    @Test
    void aTornLastMarkIsNoDamage() throws IOException {
        byte[] whole = content(HEADS);
        int last = new String(whole, StandardCharsets.UTF_8).lastIndexOf('\n', whole.length - 2) + 1;
        byte[] zeros = whole.clone();
        Arrays.fill(zeros, last, last + 40, (byte) 0);
        for (byte[] torn : List.of(zeros, Arrays.copyOf(whole, whole.length - 20))) {
            replace(HEADS, torn);
            try (SnapshotLog log = open()) {
                assertThat(log.damage()).isEmpty();
                log.append(summary("bob", 5));
            }
        }
    }

    @Test
    void marksThatAreMissingOrEmptiedAreSaidToBeNew() throws IOException {
        byte[] before = content(HEADS);
        for (boolean emptied : new boolean[] {false, true}) {
            replace(HEADS, new byte[0]);
            if (!emptied) {
                disk.delete(HEADS);
            }
            try (SnapshotLog log = open()) {
                assertThat(log.newMarks()).contains(HEADS);
                assertThat(log.damage()).isEmpty();
            }
            try (SnapshotLog log = open()) {
                assertThat(log.newMarks()).isEmpty();
            }
            assertThat(content(HEADS)).hasSizeLessThan(before.length).isNotEmpty();
        }
    }
}
