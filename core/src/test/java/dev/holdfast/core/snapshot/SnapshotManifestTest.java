package dev.holdfast.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.Damage;
import dev.holdfast.core.Golden;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.tree.EntryPath;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SnapshotManifestTest {
    private static final SnapshotManifest.Counts COUNTS = new SnapshotManifest.Counts(3, 2, 1, 1L << 50);

    private static EntryPath path(String text) {
        try {
            return EntryPath.ofText(text);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static SnapshotManifest manifest(long unreadableCount, List<SnapshotManifest.Block> blocks) {
        return new SnapshotManifest(
                "zürich",
                "orders",
                "/srv/orders",
                "holdfast 0.1.0",
                -5,
                1_763_600_000_000L,
                COUNTS,
                unreadableCount,
                List.of(
                        new SnapshotManifest.Unreadable(path("etc/shadow"), "permission denied"),
                        new SnapshotManifest.Unreadable(EntryPath.ROOT, "")),
                List.of(ObjectId.ofHex("ab".repeat(32))),
                blocks,
                new TreeMap<>(Map.of("engine.driver", "local", "engine.label.team", "Käse")));
    }

    private static SnapshotManifest sample() {
        return manifest(
                7,
                List.of(
                        new SnapshotManifest.Block(EntryPath.ROOT, 900),
                        new SnapshotManifest.Block(path("b/c"), 1),
                        new SnapshotManifest.Block(path("b-c"), 12)));
    }

    @Test
    void comesBackAsItWas() throws MalformedException {
        SnapshotManifest manifest = sample();
        assertThat(SnapshotManifest.decode(new byte[96], manifest.encode())).isEqualTo(manifest);
        assertThat(manifest.partial()).isTrue();
    }

    @Test
    void aManifestOfTheFirstVersionIsReadToo() throws MalformedException {
        SnapshotManifest plain = sample();
        byte[] bytes = plain.encode();
        int properties = new Encoder(100)
                .varint(2)
                .string("engine.driver")
                .string("local")
                .string("engine.label.team")
                .string("Käse")
                .toBytes()
                .length;
        byte[] first = Arrays.copyOf(bytes, bytes.length - properties);
        first[0] = 1;

        SnapshotManifest read = SnapshotManifest.decode(first);

        assertThat(read.blocks()).isEqualTo(plain.blocks());
        assertThat(read.properties()).isEmpty();
    }

    @Test
    void findsTheBlockOfAPath() {
        SnapshotManifest manifest = sample();
        assertThat(manifest.blockOf(EntryPath.ROOT)).contains(0);
        assertThat(manifest.blockOf(path("a/z"))).contains(0);
        assertThat(manifest.blockOf(path("b/c"))).contains(1);
        assertThat(manifest.blockOf(path("b/c/d"))).contains(1);
        assertThat(manifest.blockOf(path("z"))).contains(2);
        assertThat(manifest(7, List.of()).blockOf(path("z"))).isEmpty();
        assertThat(manifest(7, List.of(new SnapshotManifest.Block(path("m"), 1)))
                        .blockOf(path("a")))
                .isEmpty();
    }

    @Test
    void aDamagedManifestIsRefusedOrSomethingElse() {
        byte[] golden = sample().encode();
        Golden.check("snapshot-manifest.txt", golden);
        Damage.Reader reader = bytes -> SnapshotManifest.decode(bytes).encode();
        Damage.everyCutIsRefused(golden, reader);
        Damage.everyFlipIsNoticed(golden, reader);
        Damage.garbageIsRefused(golden, reader);
    }

    @Test
    void blocksThatAreNotTheReferencesOrNotInOrderAreRefused() {
        byte[] good = sample().encode();
        assertThatThrownBy(() -> SnapshotManifest.decode(new byte[64], good)).isInstanceOf(MalformedException.class);
        byte[] unordered = manifest(
                        7, List.of(new SnapshotManifest.Block(path("b"), 1), new SnapshotManifest.Block(path("a"), 1)))
                .encode();
        assertThatThrownBy(() -> SnapshotManifest.decode(unordered)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aLongReasonIsCutRatherThanMakeTheSnapshotUnreadable() throws MalformedException {
        var item = new SnapshotManifest.Unreadable(path("a"), "ä€".repeat(10_000));
        SnapshotManifest manifest = new SnapshotManifest(
                "h",
                "v",
                "s",
                "x",
                0,
                0,
                COUNTS,
                1000,
                Collections.nCopies(1000, item),
                List.of(),
                List.of(),
                new TreeMap<>());
        assertThat(SnapshotManifest.decode(manifest.encode())).isEqualTo(manifest);
    }

    @Test
    void whatNoReaderWouldTakeIsNotMade() {
        assertThatThrownBy(() -> manifest(1, List.of())).isInstanceOf(IllegalArgumentException.class);
        String name = "h".repeat(SnapshotManifest.MAX_NAME_BYTES + 1);
        assertThatThrownBy(() -> new SnapshotManifest(
                        name, "v", "s", "x", 0, 0, COUNTS, 0, List.of(), List.of(), List.of(), new TreeMap<>()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
