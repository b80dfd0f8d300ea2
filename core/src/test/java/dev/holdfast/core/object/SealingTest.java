package dev.holdfast.core.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.holdfast.core.FixedRandom;
import dev.holdfast.core.Golden;
import dev.holdfast.core.Seeds;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.realm.SessionKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final byte[] NONE = {};

    private final RealmKey realm = RealmKey.generate("golden", new FixedRandom(1));
    private final SessionKey session = realm.newSession(new FixedRandom(2));
    private final Sealer sealer = new Sealer(realm, session, new AtomicLong(), 3);
    private final Unsealer unsealer = unsealer(realm);

    private Unsealer unsealer(RealmKey key) {
        ConcurrentMap<ObjectId, byte[]> slots = new ConcurrentHashMap<>();
        SealedObject slot = Sealer.slot(session);
        slots.put(slot.id(), slot.payload());
        return new Unsealer(key, slots);
    }

    @AfterEach
    void close() {
        sealer.close();
        unsealer.close();
        session.close();
        realm.close();
    }

    private SealedObject seal(ObjectKind kind, byte[] references, byte[] plain) {
        ObjectId id = sealer.id(kind, references, plain, 0, plain.length);
        return sealer.seal(id, kind, references, plain, 0, plain.length);
    }

    private static byte[] text(int length) {
        byte[] pattern = "holdfast keeps what it is given, ".getBytes(StandardCharsets.UTF_8);
        byte[] plain = new byte[length];
        for (int i = 0; i < length; i++) {
            plain[i] = pattern[i % pattern.length];
        }
        return plain;
    }

    private static byte[] withTrueChecksums(byte[] object) {
        byte[] fixed = object.clone();
        int body = fixed.length - SealedObject.CHECKSUM_BYTES;
        CRC32C crc32c = new CRC32C();
        crc32c.update(fixed, 0, body);
        CRC32 crc32 = new CRC32();
        crc32.update(fixed, 0, body);
        ByteBuffer.wrap(fixed).putInt(body, (int) crc32c.getValue()).putInt(body + 4, (int) crc32.getValue());
        return fixed;
    }

    private static SealedObject parse(byte[] bytes) throws MalformedObjectException {
        return SealedObject.parse(bytes, 0, bytes.length);
    }

    @Test
    void everySizeComesBackAsItWas() throws MalformedObjectException {
        SplittableRandom random = new SplittableRandom(1);
        int[] sizes = {0, 1, 31, 32, 33, 100, 4095, 65_536, 131_071, 131_072, 300_000, 1 << 20, 4 << 20, 16 << 20};
        for (int size : sizes) {
            for (byte[] plain : new byte[][] {text(size), Seeds.bytes(random, size)}) {
                SealedObject object = parse(seal(ObjectKind.CHUNK, NONE, plain).toByteArray());
                assertThat(Arrays.equals(unsealer.open(object), plain))
                        .as("%d bytes", size)
                        .isTrue();
            }
        }
    }

    @Test
    void aSmallObjectOpensAfterALargeOne() throws MalformedObjectException {
        unsealer.open(seal(ObjectKind.CHUNK, NONE, Seeds.bytes(new SplittableRandom(1), 1 << 20)));
        assertThat(unsealer.open(seal(ObjectKind.CHUNK, NONE, text(7)))).isEqualTo(text(7));
        assertThat(unsealer.open(seal(ObjectKind.CHUNK, NONE, text(70_000)))).isEqualTo(text(70_000));
    }

    @Test
    void aSliceIsSealedAlone() throws MalformedObjectException {
        byte[] plain = Seeds.bytes(new SplittableRandom(4), 200_000);
        ObjectId id = sealer.id(ObjectKind.CHUNK, NONE, plain, 1000, 150_000);
        SealedObject object = sealer.seal(id, ObjectKind.CHUNK, NONE, plain, 1000, 150_000);
        assertThat(unsealer.open(object)).isEqualTo(Arrays.copyOfRange(plain, 1000, 151_000));
    }

    @Test
    void whatDoesNotCompressIsKeptAsItIs() {
        SealedObject random = seal(ObjectKind.CHUNK, NONE, Seeds.bytes(new SplittableRandom(1), 1 << 20));
        assertThat(random.compressed()).isFalse();
        assertThat(random.payloadBytes()).isLessThan((1 << 20) * 102 / 100);
        SealedObject small = seal(ObjectKind.CHUNK, NONE, Seeds.bytes(new SplittableRandom(1), 5000));
        assertThat(small.compressed()).isFalse();
        SealedObject text = seal(ObjectKind.CHUNK, NONE, text(1 << 20));
        assertThat(text.compressed()).isTrue();
        assertThat(text.payloadBytes()).isLessThan(4096);
    }

    @Test
    void flippingAnyByteIsNoticedWithoutAKey() {
        byte[] good = seal(ObjectKind.TREE, new byte[64], text(300)).toByteArray();
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            assertThatThrownBy(() -> parse(bad)).as("byte %d", i).isInstanceOf(MalformedObjectException.class);
        }
    }

    @Test
    void cuttingAtAnyLengthIsNoticedWithoutAKey() {
        byte[] good = seal(ObjectKind.TREE, new byte[64], text(300)).toByteArray();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> parse(cut)).isInstanceOf(MalformedObjectException.class);
        }
    }

    @Test
    void flippingAnyByteAndMendingTheChecksumsIsNoticedWithTheKey() {
        byte[] good = seal(ObjectKind.TREE, new byte[64], text(300)).toByteArray();
        for (int i = 0; i < good.length - SealedObject.CHECKSUM_BYTES; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x03;
            byte[] mended = withTrueChecksums(bad);
            assertThatThrownBy(() -> unsealer.open(parse(mended)))
                    .as("byte %d", i)
                    .isInstanceOf(MalformedObjectException.class);
        }
    }

    @Test
    void theKeyOfAnotherRealmDoesNotOpenIt() {
        SealedObject object = seal(ObjectKind.CHUNK, NONE, text(100));
        try (RealmKey other = RealmKey.generate("other", new FixedRandom(9));
                Unsealer stranger = unsealer(other)) {
            assertThatThrownBy(() -> stranger.open(object))
                    .isInstanceOf(MalformedObjectException.class)
                    .hasMessageContaining("does not open");
        }
    }

    @Test
    void aMissingSlotIsNamed() {
        SealedObject object = seal(ObjectKind.CHUNK, NONE, text(100));
        try (Unsealer without = new Unsealer(realm, new ConcurrentHashMap<>())) {
            assertThatThrownBy(() -> without.open(object))
                    .isInstanceOf(MalformedObjectException.class)
                    .hasMessageContaining("key slot")
                    .hasMessageContaining("missing");
        }
    }

    @Test
    void anOldEpochStillOpensAndANewSessionNeedsTheNewOne() throws MalformedObjectException {
        SealedObject before = seal(ObjectKind.CHUNK, NONE, text(100));
        try (RealmKey renewed = realm.withNewEpoch(new FixedRandom(3));
                Unsealer opener = unsealer(renewed)) {
            assertThat(opener.open(before)).isEqualTo(text(100));
        }
    }

    @Test
    void aWrongIdUnderTheRightKeyIsRefused() {
        ObjectId wrong = sealer.id(ObjectKind.CHUNK, NONE, text(99), 0, 99);
        SealedObject object = sealer.seal(wrong, ObjectKind.CHUNK, NONE, text(100), 0, 100);
        assertThatThrownBy(() -> unsealer.open(object))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessageContaining("holds the content of");
    }

    @Test
    void idsTellKindReferencesAndContentApart() {
        byte[] plain = text(64);
        ObjectId id = sealer.id(ObjectKind.TREE, new byte[32], plain, 0, 64);
        assertThat(sealer.id(ObjectKind.TREE, new byte[32], plain, 0, 64)).isEqualTo(id);
        assertThat(sealer.id(ObjectKind.EXTENTS, new byte[32], plain, 0, 64)).isNotEqualTo(id);
        assertThat(sealer.id(ObjectKind.TREE, new byte[64], plain, 0, 64)).isNotEqualTo(id);
        assertThat(sealer.id(ObjectKind.TREE, new byte[32], plain, 0, 63)).isNotEqualTo(id);
        byte[] moved = Arrays.copyOf(new byte[32], 96);
        System.arraycopy(plain, 0, moved, 32, 64);
        assertThat(sealer.id(ObjectKind.TREE, NONE, moved, 0, 96)).isNotEqualTo(id);
    }

    /** Seals any payload plaintext under the right key, as someone hostile with the realm key could. */
    private SealedObject forged(int flags, byte[] payloadPlain) {
        byte[] array = SealedObject.layOut(
                ObjectKind.CHUNK,
                flags,
                ObjectId.copyOf(new byte[32], 0),
                session.slotId(),
                7,
                NONE,
                payloadPlain.length + Sealer.TAG_BYTES);
        session.newAead()
                .seal(
                        7,
                        array,
                        0,
                        SealedObject.HEADER_BYTES,
                        payloadPlain,
                        0,
                        payloadPlain.length,
                        array,
                        SealedObject.HEADER_BYTES);
        return SealedObject.finish(array, ObjectKind.CHUNK);
    }

    private static byte[] payload(int raw, int body, byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .putInt(raw)
                .putInt(body)
                .put(content)
                .array();
    }

    @Test
    void lengthsThatCannotBeAreRefused() {
        byte[] content = text(40);
        byte[][] forgeries = {
            payload(39, 40, content),
            payload(41, 40, content),
            payload(41, 41, content),
            payload(-1, -1, content),
            payload(Integer.MAX_VALUE, 40, content),
            payload(40, Integer.MIN_VALUE, content),
            payload(Sealer.MAX_PLAIN_BYTES + 1, 40, content),
            new byte[7],
            NONE
        };
        for (byte[] forgery : forgeries) {
            for (int flags = 0; flags <= SealedObject.FLAG_ZSTD; flags++) {
                SealedObject object = forged(flags, forgery);
                assertThatThrownBy(() -> unsealer.open(object)).isInstanceOf(MalformedObjectException.class);
            }
        }
    }

    @Test
    void aBombOfZstdIsRefusedAtItsAnnouncedLength() {
        byte[] bomb = Zstd.compress(new byte[64 << 20]);
        assertThat(bomb.length).isLessThan(10_000);
        SealedObject object = forged(SealedObject.FLAG_ZSTD, payload(100, bomb.length, bomb));
        assertThatThrownBy(() -> unsealer.open(object))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessageContaining("unpack");
        SealedObject liar = forged(SealedObject.FLAG_ZSTD, payload(Sealer.MAX_PLAIN_BYTES, bomb.length, bomb));
        assertThatThrownBy(() -> unsealer.open(liar)).isInstanceOf(MalformedObjectException.class);
    }

    @Test
    void garbageInPlaceOfAZstdFrameIsRefused() {
        Seeds.forEach(200, random -> {
            byte[] garbage = Seeds.bytes(random, 100);
            SealedObject object = forged(SealedObject.FLAG_ZSTD, payload(1000, 100, garbage));
            assertThatThrownBy(() -> unsealer.open(object)).isInstanceOf(MalformedObjectException.class);
        });
    }

    @Test
    void whatHasNoReferencesByNatureIsRefusedWithSome() {
        assertThatThrownBy(() -> seal(ObjectKind.CHUNK, new byte[32], text(10)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> seal(ObjectKind.TREE, new byte[33], text(10)))
                .isInstanceOf(IllegalArgumentException.class);
        byte[] tree = seal(ObjectKind.TREE, new byte[32], text(10)).toByteArray();
        tree[5] = (byte) ObjectKind.CHUNK.number();
        assertThatThrownBy(() -> parse(withTrueChecksums(tree)))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessageContaining("references");
    }

    @Test
    void announcedLengthsAreCheckedBeforeAnythingIsAllocated() {
        byte[] header = seal(ObjectKind.TREE, new byte[32], text(10)).toByteArray();
        ByteBuffer.wrap(header).putInt(8, SealedObject.MAX_REFERENCES + 1);
        assertThatThrownBy(() -> SealedObject.lengthOf(header, 0)).isInstanceOf(MalformedObjectException.class);
        ByteBuffer.wrap(header).putInt(8, 0).putInt(12, -1);
        assertThatThrownBy(() -> SealedObject.lengthOf(header, 0)).isInstanceOf(MalformedObjectException.class);
    }

    @Test
    void tooMuchForOneObjectIsRefused() {
        byte[] plain = new byte[Sealer.MAX_PLAIN_BYTES + 1];
        assertThatThrownBy(() -> seal(ObjectKind.CHUNK, NONE, plain)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theGoldenObjectsOpenForEver() throws MalformedObjectException {
        Golden.checkText("realm-key.txt", HexFormat.of().formatHex(realm.encode()) + "\n");
        Golden.check("slot.txt", Sealer.slot(session).toByteArray());
        byte[] references = Seeds.bytes(new SplittableRandom(6), 64);
        byte[] raw = Seeds.bytes(new SplittableRandom(5), 200);
        Golden.check("sealed-raw.txt", seal(ObjectKind.TREE, references, raw).toByteArray());
        byte[] packed = Golden.frozen(
                "sealed-zstd.txt", seal(ObjectKind.CHUNK, NONE, text(1000)).toByteArray());
        SealedObject object = parse(packed);
        assertThat(object.compressed()).isTrue();
        assertThat(unsealer.open(object)).isEqualTo(text(1000));
    }
}
