package dev.holdfast.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.Damage;
import dev.holdfast.core.Golden;
import dev.holdfast.core.Seeds;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TreeBlockTest {
    private static final EntryPath PATH = EntryPath.ROOT.child(new byte[] {'f'});
    private static final byte[] NONE = {};

    private static byte[] again(byte[] references, byte[] plain) throws MalformedException {
        TreeBlock.Encoded encoded = Samples.encode(TreeBlock.decode(references, plain));
        Encoder both = new Encoder(0).raw(encoded.references()).raw(encoded.plain());
        return both.toBytes();
    }

    /** A block of version 1 without references whose entries are folders. */
    private static byte[] blockOf(byte[]... paths) {
        Encoder out = new Encoder(0).u8(1).varint(0).varint(paths.length);
        for (byte[] path : paths) {
            out.varint(0).bytes(path).u8(1).u8(2).varint(0755);
            out.signed(0).varint(0).signed(0).varint(0).varint(1).varint(0).varint(1);
        }
        return out.toBytes();
    }

    @Test
    void whateverAFileSystemHoldsComesBackAsItWas() {
        Seeds.forEach(150, random -> {
            List<Entry> entries = new Samples(random).entries(random.nextInt(60));
            TreeBlock.Encoded encoded = Samples.encode(entries);
            List<Entry> decoded = TreeBlock.decode(encoded.references(), encoded.plain());
            assertThat(decoded).usingRecursiveComparison().isEqualTo(entries);
        });
    }

    @Test
    void equalEntriesHaveEqualBytes() {
        Seeds.forEach(50, random -> {
            TreeBlock.Encoded encoded = Samples.encode(new Samples(random).entries(40));
            byte[] expected = new Encoder(0)
                    .raw(encoded.references())
                    .raw(encoded.plain())
                    .toBytes();
            assertThat(again(encoded.references(), encoded.plain())).isEqualTo(expected);
        });
    }

    @Test
    void aDamagedBlockIsRefusedOrSomethingElse() throws MalformedException {
        TreeBlock.Encoded golden = Samples.encode(new Samples(new SplittableRandom(2)).entries(20));
        Golden.check("tree-block.txt", golden.plain());
        Golden.check("tree-block-references.txt", golden.references());
        Damage.Reader reader = bytes -> {
            TreeBlock.Encoded encoded = Samples.encode(TreeBlock.decode(golden.references(), bytes));
            return encoded.plain();
        };
        Damage.everyCutIsRefused(golden.plain(), reader);
        Damage.everyFlipIsNoticed(golden.plain(), reader);
        Damage.garbageIsRefused(golden.plain(), reader);
    }

    @Test
    void entriesOutOfOrderAreRefusedByReaderAndWriter() throws MalformedException {
        byte[] a = {'a'};
        byte[] b = {'b'};
        assertThat(TreeBlock.decode(NONE, blockOf(a, b))).hasSize(2);
        assertThatThrownBy(() -> TreeBlock.decode(NONE, blockOf(b, a))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> TreeBlock.decode(NONE, blockOf(a, a))).isInstanceOf(MalformedException.class);
        List<Entry> backwards = new Samples(new SplittableRandom(1)).entries(5);
        Collections.reverse(backwards);
        assertThatThrownBy(() -> Samples.encode(backwards)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hostilePathsAreRefused() {
        for (String hostile : List.of("..", ".", "/", "a/../b", "/etc", "a//b", "a/", "a\0")) {
            byte[] path = hostile.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> TreeBlock.decode(NONE, blockOf(path)))
                    .as(hostile)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void hugeCountsAllocateNothing() {
        byte[] entries =
                new Encoder(0).u8(1).varint(0).varint(Integer.MAX_VALUE).toBytes();
        byte[] references = new Encoder(0).u8(1).varint(Integer.MAX_VALUE).toBytes();
        for (int i = 0; i < 1000; i++) {
            assertThatThrownBy(() -> TreeBlock.decode(NONE, entries)).isInstanceOf(MalformedException.class);
            assertThatThrownBy(() -> TreeBlock.decode(NONE, references)).isInstanceOf(MalformedException.class);
        }
        byte[] long1 = new byte[TreeBlock.MAX_PLAIN_BYTES + 1];
        long1[0] = 1;
        assertThatThrownBy(() -> TreeBlock.decode(NONE, long1)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aPieceOfAnExtentListIsNoContentAndAChunkIsNoExtentList() {
        ObjectId list = ObjectId.copyOf(new byte[32], 0);
        byte[] references = list.toBytes();
        Encoder asData = fileOf(0, 1);
        asData.varint(1).varint(1).varint(0).varint(1);
        assertThatThrownBy(() -> TreeBlock.decode(references, asData.toBytes())).isInstanceOf(MalformedException.class);
        Encoder asList = fileOf(5, 1 | 16);
        asList.varint(1).varint(0).varint(3);
        assertThatThrownBy(() -> TreeBlock.decode(references, asList.toBytes())).isInstanceOf(MalformedException.class);
    }

    /** A block with one reference of {@code plainBytes}, up to where the content of its only file begins; the file has 3 bytes. */
    private static Encoder fileOf(int plainBytes, int flags) {
        Encoder out = new Encoder(0).u8(1).varint(1).varint(plainBytes).varint(1);
        out.varint(0).bytes(new byte[] {'f'}).u8(flags).u8(1).varint(0644);
        out.signed(0).varint(0).signed(0).varint(0).varint(1).varint(0).varint(1);
        return out.varint(3);
    }

    @Test
    void anEntryThatNoReaderWouldTakeIsNotWritten() {
        ObjectId id = ObjectId.copyOf(new byte[32], 0);
        Content three = new Content.Inline(List.of(new Extent.Data(id, 3, 0, 3)));
        TreeBlock.Builder builder = new TreeBlock.Builder();
        assertThatThrownBy(() -> builder.add(Samples.plainFile(PATH, three, 4)))
                .isInstanceOf(IllegalArgumentException.class);
        Content many = new Content.Inline(Collections.nCopies(Content.MAX_INLINE_EXTENTS + 1, new Extent.Hole(1)));
        assertThatThrownBy(() -> builder.add(Samples.plainFile(PATH, many, Content.MAX_INLINE_EXTENTS + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        Content confused = new Content.Inline(List.of(new Extent.Data(id, 3, 0, 3), new Extent.Data(id, 4, 0, 4)));
        assertThatThrownBy(() -> new TreeBlock.Builder().add(Samples.plainFile(PATH, confused, 7)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.count()).isZero();
        assertThat(builder.bytes()).isZero();
    }

    @Test
    void moreAttributesThanABlockCanHoldAreRefusedAtOnce() {
        List<ExtendedAttribute> huge = Collections.nCopies(5, new ExtendedAttribute(new byte[4], new byte[1 << 20]));
        Entry file = Samples.plainFile(PATH, Content.EMPTY, 0);
        assertThatThrownBy(() -> new Entry(
                        file.path(),
                        file.type(),
                        file.mode(),
                        file.owner(),
                        file.modified(),
                        file.changed(),
                        0,
                        0,
                        1,
                        0,
                        0,
                        NONE,
                        huge,
                        file.content(),
                        NONE,
                        false))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
