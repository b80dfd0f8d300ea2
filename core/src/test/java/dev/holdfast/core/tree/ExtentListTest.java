package dev.holdfast.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.Damage;
import dev.holdfast.core.Golden;
import dev.holdfast.core.Seeds;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExtentListTest {
    private static final byte[] NONE = {};

    private static ExtentList sample(SplittableRandom random) {
        ExtentList cut = new ExtentList(new Samples(random).extents(random.nextInt(100)), 0, NONE);
        if (random.nextBoolean()) {
            return cut;
        }
        long pages = Math.min(200, cut.length());
        int pageBytes = (int) Math.min(ExtentList.MAX_PAGE_BYTES, Math.max(1, cut.length() / Math.max(1, pages)));
        long count = cut.length() / pageBytes + (cut.length() % pageBytes == 0 ? 0 : 1);
        return count > 10_000 ? cut : new ExtentList(cut.extents(), pageBytes, Seeds.bytes(random, (int) count * 12));
    }

    @Test
    void comesBackAsItWas() {
        Seeds.forEach(300, random -> {
            ExtentList list = sample(random);
            TreeBlock.Encoded encoded = list.encode();
            assertThat(ExtentList.decode(encoded.references(), encoded.plain()))
                    .usingRecursiveComparison()
                    .isEqualTo(list);
        });
    }

    @Test
    void aDamagedListIsRefusedOrSomethingElse() {
        SplittableRandom random = new SplittableRandom(3);
        List<Extent> extents = List.of(
                new Extent.Data(new Samples(random).id(), 8192, 0, 8192),
                new Extent.Hole(1L << 20),
                new Extent.Data(new Samples(random).id(), 100_000, 4096, 20_000));
        int pages = (8192 + (1 << 20) + 20_000 + 8191) / 8192;
        ExtentList list = new ExtentList(extents, 8192, Seeds.bytes(random, pages * 12));
        TreeBlock.Encoded golden = list.encode();
        Golden.check("extent-list.txt", golden.plain());
        Golden.check("extent-list-references.txt", golden.references());
        Damage.Reader reader =
                bytes -> ExtentList.decode(golden.references(), bytes).encode().plain();
        Damage.everyCutIsRefused(golden.plain(), reader);
        Damage.everyFlipIsNoticed(golden.plain(), reader);
        Damage.garbageIsRefused(golden.plain(), reader);
    }

    @Test
    void fingerprintsThatDoNotMatchTheLengthAreRefused() {
        List<Extent> hole = List.of(new Extent.Hole(100));
        byte[] two = new byte[24];
        two[23] = 9;
        ExtentList list = new ExtentList(hole, 50, two);
        assertThat(list.matches(0, new byte[16])).isTrue();
        assertThat(list.matches(1, new byte[16])).isFalse();
        assertThat(list.matches(1, two, 12)).isTrue();
        assertThatThrownBy(() -> new ExtentList(hole, 50, new byte[12])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ExtentList(hole, 0, new byte[12])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ExtentList(hole, -1, NONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pagesThatOverflowAreRefused() {
        // 12 * (2^62 + 1) is 12 in 64 bits
        Encoder out = new Encoder(0).u8(1).varint(0).varint(1).varint(0).varint((1L << 62) + 1);
        byte[] plain = out.varint(1).raw(new byte[12]).toBytes();
        assertThatThrownBy(() -> ExtentList.decode(NONE, plain)).isInstanceOf(MalformedException.class);
        Encoder sum = new Encoder(0).u8(1).varint(0).varint(2);
        sum.varint(0).varint(Long.MAX_VALUE).varint(0).varint(1);
        assertThatThrownBy(() -> ExtentList.decode(NONE, sum.varint(0).toBytes()))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void tooManyExtentsAreRefused() {
        List<Extent> many = Collections.nCopies(ExtentList.MAX_EXTENTS + 1, new Extent.Hole(1));
        assertThatThrownBy(() -> new ExtentList(many, 0, NONE)).isInstanceOf(IllegalArgumentException.class);
        byte[] announced = new Encoder(0)
                .u8(1)
                .varint(0)
                .varint(ExtentList.MAX_EXTENTS + 1)
                .toBytes();
        assertThatThrownBy(() -> ExtentList.decode(NONE, announced)).isInstanceOf(MalformedException.class);
    }

    @Test
    void emptyAndOverhangingExtentsAreNotMade() {
        assertThatThrownBy(() -> new Extent.Hole(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Extent.Data(new Samples(new SplittableRandom(1)).id(), 10, 8, 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Content.Part(new Samples(new SplittableRandom(1)).id(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
