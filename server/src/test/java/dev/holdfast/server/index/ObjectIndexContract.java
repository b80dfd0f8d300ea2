package dev.holdfast.server.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What every index must do. */
abstract class ObjectIndexContract {
    final SplittableRandom random = new SplittableRandom(3);

    /** An empty index. */
    abstract ObjectIndex open();

    /** Is told now and then that the index may do what it does at leisure. */
    void rest(ObjectIndex index) throws IOException {}

    ObjectId randomId() {
        byte[] id = new byte[ObjectId.BYTES];
        random.nextBytes(id);
        return ObjectId.copyOf(id, 0);
    }

    Place randomPlace() {
        ObjectKind[] kinds = ObjectKind.values();
        return new Place(
                random.nextInt(5),
                100 + random.nextInt(1 << 26),
                96 + random.nextInt(1 << 24),
                kinds[random.nextInt(kinds.length)]);
    }

    private void assertHolds(ObjectIndex index, Map<ObjectId, List<Place>> expected) throws IOException {
        for (Map.Entry<ObjectId, List<Place>> entry : expected.entrySet()) {
            assertThat(index.find(entry.getKey())).containsExactlyInAnyOrderElementsOf(entry.getValue());
        }
        assertThat(index.size())
                .isEqualTo(expected.values().stream().mapToLong(List::size).sum());
    }

    @Test
    void whatWasAddedIsFoundAndNothingElse() throws IOException {
        ObjectIndex index = open();
        Map<ObjectId, List<Place>> expected = new HashMap<>();
        List<ObjectId> ids = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            ObjectId id = random.nextInt(8) > 0 || ids.isEmpty() ? randomId() : ids.get(random.nextInt(ids.size()));
            Place place = randomPlace();
            index.add(id, place);
            ids.add(id);
            expected.computeIfAbsent(id, key -> new ArrayList<>()).add(place);
            if (i % 1000 == 700) {
                rest(index);
            }
        }
        assertHolds(index, expected);
        for (int i = 0; i < 5000; i++) {
            assertThat(index.find(randomId())).isEmpty();
        }
    }

    @Test
    void idsWithOneBeginningAreToldApart() throws IOException {
        ObjectIndex index = open();
        Map<ObjectId, List<Place>> expected = new HashMap<>();
        byte[] id = new byte[ObjectId.BYTES];
        for (int i = 0; i < 1000; i++) {
            id[30] = (byte) (i >>> 8);
            id[31] = (byte) i;
            Place place = randomPlace();
            ObjectId like = ObjectId.copyOf(id, 0);
            index.add(like, place);
            expected.put(like, List.of(place));
        }
        rest(index);
        assertHolds(index, expected);
        id[9] = 1;
        assertThat(index.find(ObjectId.copyOf(id, 0))).isEmpty();
    }

    @Test
    void theFirstAndTheLastIdThereCanBeAreFound() throws IOException {
        ObjectIndex index = open();
        byte[] last = new byte[ObjectId.BYTES];
        Arrays.fill(last, (byte) 0xff);
        List<ObjectId> ends = List.of(ObjectId.copyOf(new byte[ObjectId.BYTES], 0), ObjectId.copyOf(last, 0));
        assertThat(index.find(ends.get(0))).isEmpty();
        for (int i = 0; i < 300; i++) {
            for (ObjectId end : ends) {
                index.add(end, randomPlace());
            }
        }
        rest(index);
        assertThat(index.find(ends.get(0))).hasSize(300);
        assertThat(index.find(ends.get(1))).hasSize(300);
    }
}
