package dev.holdfast.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.Damage;
import dev.holdfast.core.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodecTest {
    private static List<Long> edges() {
        List<Long> edges = new ArrayList<>(List.of(0L, Long.MAX_VALUE, Long.MIN_VALUE, -1L));
        for (int bit = 0; bit < 64; bit++) {
            long power = 1L << bit;
            edges.addAll(List.of(power - 1, power, power + 1, -power));
        }
        return edges;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void everyNumberComesBackInEveryForm() throws MalformedException {
        for (long value : edges()) {
            byte[] encoded = new Encoder(0)
                    .varint(value)
                    .signed(value)
                    .u64(value)
                    .u32((int) value)
                    .u8((int) value)
                    .toBytes();
            Decoder in = new Decoder(encoded);
            assertThat(in.varint()).isEqualTo(value);
            assertThat(in.signed()).isEqualTo(value);
            assertThat(in.u64()).isEqualTo(value);
            assertThat(in.u32()).isEqualTo((int) value);
            assertThat(in.u8()).isEqualTo((int) value & 0xff);
            in.end();
        }
    }

    @Test
    void numbersHaveTheBytesOfTheDocument() {
        assertThat(new Encoder(0).varint(300).toBytes()).isEqualTo(bytes(0xac, 0x02));
        assertThat(new Encoder(0).signed(-1).toBytes()).isEqualTo(bytes(1));
        assertThat(new Encoder(0).signed(1).toBytes()).isEqualTo(bytes(2));
        assertThat(new Encoder(0).u32(0x01020304).toBytes()).isEqualTo(bytes(1, 2, 3, 4));
        assertThat(new Encoder(0).string("é").toBytes()).isEqualTo(bytes(2, 0xc3, 0xa9));
    }

    @Test
    void aNumberCutAnywhereIsRefused() {
        for (long value : edges()) {
            Damage.everyCutIsRefused(new Encoder(0).varint(value).toBytes(), cut -> {
                new Decoder(cut).varint();
                return cut;
            });
        }
        assertThatThrownBy(() -> new Decoder(new byte[3]).u32()).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> new Decoder(new byte[7]).u64()).isInstanceOf(MalformedException.class);
    }

    @Test
    void aNumberHasOneFormOnly() {
        byte[] padded = bytes(0x80, 0x00);
        assertThatThrownBy(() -> new Decoder(padded).varint()).isInstanceOf(MalformedException.class);
        byte[] tooLong = bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02);
        assertThatThrownBy(() -> new Decoder(tooLong).varint()).isInstanceOf(MalformedException.class);
        byte[] eleven = bytes(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01);
        assertThatThrownBy(() -> new Decoder(eleven).varint()).isInstanceOf(MalformedException.class);
    }

    @Test
    void aLengthBeyondTheEndIsRefusedBeforeAnythingIsAllocated() {
        byte[] huge = new Encoder(0).varint(Integer.MAX_VALUE).toBytes();
        for (int i = 0; i < 10_000; i++) {
            assertThatThrownBy(() -> new Decoder(huge).bytes(Integer.MAX_VALUE)).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> new Decoder(huge).string(100)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> new Decoder(huge).raw(-1)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aCountKeepsItsLimit() throws MalformedException {
        assertThat(new Decoder(bytes(5)).count(5)).isEqualTo(5);
        assertThatThrownBy(() -> new Decoder(bytes(6)).count(5)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> new Decoder(bytes(0)).count(-1)).isInstanceOf(MalformedException.class);
        byte[] negative = new Encoder(0).varint(-1).toBytes();
        assertThatThrownBy(() -> new Decoder(negative).count(Integer.MAX_VALUE)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> new Decoder(negative).positive()).isInstanceOf(MalformedException.class);
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> new Decoder(bytes(2, 0xc3, 0x28)).string(10)).isInstanceOf(MalformedException.class);
    }

    @Test
    void bytesLeftOverAreRefused() {
        assertThatThrownBy(() -> new Decoder(new byte[1]).end()).isInstanceOf(MalformedException.class);
    }

    @Test
    void aDecoderOfASliceEndsWhereTheSliceEnds() throws MalformedException {
        Decoder in = new Decoder(bytes(1, 2, 3, 4), 1, 2);
        assertThat(in.raw(2)).isEqualTo(bytes(2, 3));
        assertThatThrownBy(in::u8).isInstanceOf(MalformedException.class);
    }

    @Test
    void anEncoderGrowsToWhateverIsWritten() throws MalformedException {
        Seeds.forEach(200, random -> {
            Encoder out = new Encoder(0);
            List<byte[]> pieces = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                pieces.add(Seeds.bytes(random, random.nextInt(1000)));
            }
            pieces.forEach(out::bytes);
            Decoder in = new Decoder(out.array(), 0, out.size());
            for (byte[] piece : pieces) {
                assertThat(in.bytes(1000)).isEqualTo(piece);
            }
            in.end();
        });
    }
}
