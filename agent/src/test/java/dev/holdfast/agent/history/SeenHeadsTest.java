package dev.holdfast.agent.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SeenHeadsTest {
    @TempDir
    Path folder;

    private Path file;

    /** Host alice: photos, mail, photos, mail. */
    private final List<SnapshotRecord> chain = chain(0, "photos", "mail", "photos", "mail");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("heads");
    }

    private static List<SnapshotRecord> chain(long run, String... volumes) {
        return extend(new ArrayList<>(), run, volumes);
    }

    private static List<SnapshotRecord> extend(List<SnapshotRecord> start, long run, String... volumes) {
        List<SnapshotRecord> chain = new ArrayList<>(start);
        for (String volume : volumes) {
            RecordHash previous = chain.isEmpty()
                    ? RecordHash.NONE
                    : chain.get(chain.size() - 1).hash();
            Instant received = Instant.ofEpochSecond(1000 + chain.size());
            SnapshotSummary summary = new SnapshotSummary(
                    "alice",
                    volume,
                    ObjectId.copyOf(new byte[32], 0),
                    SnapshotSummary.Outcome.COMPLETE,
                    false,
                    new UUID(0, run),
                    received,
                    1,
                    1,
                    1);
            chain.add(new SnapshotRecord(chain.size() + 1, previous, received, false, new UUID(1, 2), summary));
        }
        return chain;
    }

    private List<Problem> list(List<SnapshotRecord> records) throws IOException {
        return SeenHeads.open(file, "attic").listed(records, "", "", (host, volume) -> true);
    }

    private static void assertDamage(List<Problem> problems, String words) {
        assertThat(problems).isNotEmpty().allSatisfy(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.DAMAGE);
            assertThat(problem.message()).contains(words);
        });
    }

    @Test
    void aHistoryThatOnlyGrowsIsFine() throws IOException {
        assertThat(list(chain.subList(0, 2))).isEmpty();
        assertThat(list(chain)).isEmpty();
        assertThat(list(chain)).isEmpty();
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "attic alice photos 3 " + chain.get(2).id(),
                        "attic alice mail 4 " + chain.get(3).id());
    }

    @Test
    void aRollbackIsToldAgainAndAgain() throws IOException {
        list(chain);

        assertDamage(list(chain.subList(0, 2)), "was rolled back");
        assertDamage(list(chain.subList(0, 2)), "was rolled back");
    }

    @Test
    void anEmptiedServerIsARollback() throws IOException {
        list(chain);

        assertDamage(list(List.of()), "was rolled back");
    }

    @Test
    void anotherRecordInTheSamePlaceIsARewrite() throws IOException {
        list(chain);

        assertDamage(list(extend(chain.subList(0, 2), 7, "photos", "mail", "mail")), "was rewritten");
    }

    @Test
    void aForkThatGrewBackIsStillNoticed() throws IOException {
        list(chain.subList(0, 3));

        assertDamage(list(extend(chain.subList(0, 2), 7, "mail", "photos")), "was rewritten");
    }

    @Test
    void recordsThatDoNotFollowEachOtherAreTold() throws IOException {
        List<SnapshotRecord> other = chain(9, "photos", "mail");

        assertDamage(list(List.of(chain.get(0), other.get(1))), "do not follow each other");
    }

    @Test
    void gapsAreFineWhereOtherVolumesMayNotBeRead() throws IOException {
        List<SnapshotRecord> photos = List.of(chain.get(0), chain.get(2));

        assertThat(SeenHeads.open(file, "attic").listed(photos, "alice", "photos", (host, volume) -> true))
                .isEmpty();
    }

    @Test
    void aVolumeThatIsStillListedWasRolledBackWhateverTheServerSaysOfGrants() throws IOException {
        list(chain);

        List<Problem> problems =
                SeenHeads.open(file, "attic").listed(chain.subList(0, 2), "", "", (host, volume) -> false);

        assertDamage(problems, "was rolled back");
    }

    @Test
    void aListingOfOneVolumeSaysNothingOfTheOthers() throws IOException {
        list(chain);

        List<SnapshotRecord> photos = List.of(chain.get(0), chain.get(2));
        assertThat(SeenHeads.open(file, "attic").listed(photos, "alice", "photos", (host, volume) -> true))
                .isEmpty();
    }

    @Test
    void aGrantThatWasTakenBackIsNoRollback() throws IOException {
        list(chain);

        assertThat(SeenHeads.open(file, "attic").listed(List.of(), "", "", (host, volume) -> false))
                .isEmpty();
    }

    @Test
    void serversAreRememberedApart() throws IOException {
        list(chain);

        assertThat(SeenHeads.open(file, "cellar").listed(List.of(), "", "", (host, volume) -> true))
                .isEmpty();
    }

    @Test
    void aNewSnapshotMustComeAfterWhatWasSeen() throws IOException {
        list(chain.subList(0, 3));

        assertThat(SeenHeads.open(file, "attic").committed(chain.get(3))).isEmpty();
        SnapshotRecord again = extend(chain.subList(0, 1), 7, "mail").get(1);
        assertDamage(SeenHeads.open(file, "attic").committed(again), "was rolled back");
        SnapshotRecord beside =
                extend(extend(chain.subList(0, 3), 7, "mail"), 7, "mail").get(4);
        assertDamage(SeenHeads.open(file, "attic").committed(beside), "was rewritten");
    }

    @Test
    void strayLinesAndNamesWithSpacesAreNoTrouble() throws IOException {
        Files.writeString(file, "what is this\n\nattic alice photos three ff\n");
        List<SnapshotRecord> odd = chain(0, "my photos\n");

        assertThat(list(odd)).isEmpty();
        assertDamage(list(List.of()), "was rolled back");
    }
}
