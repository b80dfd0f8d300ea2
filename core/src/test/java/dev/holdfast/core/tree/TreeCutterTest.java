package dev.holdfast.core.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TreeCutterTest {
    private record Cut(List<String> blocks, List<Integer> sizes) {}

    private static SortedMap<EntryPath, Entry> tree() throws MalformedException {
        SplittableRandom random = new SplittableRandom(9);
        SortedMap<EntryPath, Entry> tree = new TreeMap<>();
        for (int folder = 0; folder < 200; folder++) {
            for (int file = 0; file < 150; file++) {
                EntryPath path = EntryPath.ofText("src/folder-" + folder + "/file-" + random.nextInt(1 << 20) + ".txt");
                ObjectId chunk = ObjectId.copyOf(new byte[32], 0);
                Content content =
                        new Content.Inline(List.of(new Extent.Data(chunk, 1 << 20, random.nextInt(1000), 77)));
                tree.put(path, Samples.plainFile(path, content, 77));
            }
        }
        return tree;
    }

    private static Cut cut(SortedMap<EntryPath, Entry> tree) {
        Cut cut = new Cut(new ArrayList<>(), new ArrayList<>());
        TreeBlock.Builder builder = new TreeBlock.Builder();
        for (Entry entry : tree.values()) {
            builder.add(entry);
            if (TreeCutter.endsAfter(builder, entry.path()) || entry.path().equals(tree.lastKey())) {
                cut.blocks.add(ByteBuffer.wrap(builder.build().plain()).hashCode() + " " + builder.count());
                cut.sizes.add(builder.bytes());
                builder = new TreeBlock.Builder();
            }
        }
        return cut;
    }

    @Test
    void theSameStretchIsCutTheSameAfterAChangeElsewhere() throws MalformedException {
        SortedMap<EntryPath, Entry> tree = tree();
        List<String> before = cut(tree).blocks();
        for (String where : List.of("src/folder-3/new", "src/folder-60/new", "src/folder-99/new")) {
            EntryPath path = EntryPath.ofText(where);
            tree.put(path, Samples.plainFile(path, Content.EMPTY, 0));
        }
        tree.remove(EntryPath.ofBytes(tree.firstKey().toBytes()));
        Set<String> after = new HashSet<>(cut(tree).blocks());
        List<String> changed = new ArrayList<>(before);
        changed.removeAll(after);
        assertThat(before).hasSizeGreaterThan(12);
        assertThat(changed).hasSizeLessThanOrEqualTo(8);
    }

    @Test
    void blocksHaveTheSizesThatAreDocumented() throws MalformedException {
        List<Integer> sizes = cut(tree()).sizes();
        sizes.remove(sizes.size() - 1);
        assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(32 << 10, (512 << 10) + 1000));
        assertThat(sizes.stream().mapToInt(Integer::intValue).average().orElseThrow())
                .isBetween(32.0 * 1024, 160.0 * 1024);
    }

    @Test
    void aBlockEndsWhenItHoldsAsMuchAsAnObjectMay() throws MalformedException {
        TreeBlock.Builder builder = new TreeBlock.Builder();
        SplittableRandom random = new SplittableRandom(1);
        int files = 0;
        while (!builder.full() && files < 5000) {
            List<Extent> extents = new ArrayList<>();
            for (int i = 0; i < Content.MAX_INLINE_EXTENTS; i++) {
                extents.add(new Extent.Data(new Samples(random.split()).id(), 1, 0, 1));
            }
            EntryPath path = EntryPath.ofText(String.format(Locale.ROOT, "%06d", files++));
            builder.add(Samples.plainFile(path, new Content.Inline(extents), extents.size()));
        }
        assertThat(files).isEqualTo((1 << 16) / Content.MAX_INLINE_EXTENTS);
        assertThat(builder.build().references()).hasSize(32 << 16);
    }
}
