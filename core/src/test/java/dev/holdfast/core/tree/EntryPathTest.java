package dev.holdfast.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.Seeds;
import dev.holdfast.core.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryPathTest {
    private static List<byte[]> components(EntryPath path) {
        List<byte[]> components = new ArrayList<>();
        for (EntryPath at = path; !at.isRoot(); at = at.parent()) {
            components.add(0, at.name());
        }
        return components;
    }

    /** The order as it is meant: component by component, a folder before what is inside. */
    private static int slowCompare(EntryPath a, EntryPath b) {
        List<byte[]> left = components(a);
        List<byte[]> right = components(b);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = Arrays.compareUnsigned(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    @Test
    void isOrderedByComponents() {
        Seeds.forEach(20_000, random -> {
            Samples samples = new Samples(random.split());
            EntryPath a = samples.path();
            EntryPath b = random.nextInt(3) == 0 ? a.child(samples.name()) : samples.path();
            assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(slowCompare(a, b)));
            assertThat(Integer.signum(b.compareTo(a))).isEqualTo(-Integer.signum(a.compareTo(b)));
            assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        });
    }

    @Test
    void aFolderIsFollowedAtOnceByWhatIsInside() throws MalformedException {
        EntryPath folder = EntryPath.ofText("a");
        EntryPath inside = EntryPath.ofText("a/\u007f");
        EntryPath beside = EntryPath.ofText("a!");
        assertThat(folder).isLessThan(inside);
        assertThat(inside).isLessThan(beside);
        assertThat(inside.isWithin(folder)).isTrue();
        assertThat(beside.isWithin(folder)).isFalse();
        assertThat(folder.isWithin(EntryPath.ROOT)).isTrue();
        assertThat(folder.isWithin(folder)).isTrue();
    }

    @Test
    void hostilePathsAreRefused() {
        for (String hostile : List.of(
                "..", ".", "/", "a/", "/a", "a//b", "a/../b", "a/./b", "../a", "a/..", "a/.", "a\0b", "\0", "./a")) {
            assertThatThrownBy(() -> EntryPath.ofBytes(hostile.getBytes(StandardCharsets.UTF_8)))
                    .as(hostile)
                    .isInstanceOf(MalformedException.class);
        }
        byte[] tooLong = new byte[EntryPath.MAX_BYTES + 1];
        Arrays.fill(tooLong, (byte) 'a');
        assertThatThrownBy(() -> EntryPath.ofBytes(tooLong)).isInstanceOf(MalformedException.class);
    }

    @Test
    void oddButHonestNamesAreTaken() throws MalformedException {
        for (String odd : List.of("...", "..a", "a..", ".a", "a/.../b", " ", "\\", "\n", "a/..b")) {
            byte[] bytes = odd.getBytes(StandardCharsets.UTF_8);
            assertThat(EntryPath.ofBytes(bytes).toBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void aChildOfItsParentIsItself() {
        Seeds.forEach(1000, random -> {
            EntryPath path = new Samples(random).path();
            assertThat(path.parent().child(path.name())).isEqualTo(path);
            assertThat(EntryPath.ofBytes(path.toBytes())).isEqualTo(path).hasSameHashCodeAs(path);
        });
    }

    @Test
    void aPathThatNoReaderWouldTakeIsNotMade() {
        byte[] half = new byte[EntryPath.MAX_BYTES / 2];
        Arrays.fill(half, (byte) 'a');
        EntryPath parent = EntryPath.ROOT.child(half);
        assertThatThrownBy(() -> parent.child(half)).isInstanceOf(IllegalArgumentException.class);
        assertThat(parent.child(Arrays.copyOf(half, half.length - 1)).length()).isEqualTo(EntryPath.MAX_BYTES);
    }

    @Test
    void isShownWithoutAnythingThatCouldFoolATerminal() throws MalformedException {
        assertThat(EntryPath.ofText("/grüße/").toString()).isEqualTo("grüße");
        assertThat(EntryPath.ofBytes(new byte[] {'a', (byte) 0xff, 27}).toString())
                .isEqualTo("a\\xff\\x1b");
        assertThat(EntryPath.ofText("a\u202eb\u0085").toString()).isEqualTo("a\\xe2\\x80\\xaeb\\xc2\\x85");
    }
}
