package dev.holdfast.core.tree;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of extents as bytes: a count, then for each a tag (0 is a hole, else reference index + 1); a hole goes on with its
 * length, data with offset and length.
 */
final class ExtentCodec {
    private ExtentCodec() {}

    static void encode(List<Extent> extents, References references, Encoder out) {
        out.varint(extents.size());
        for (Extent extent : extents) {
            if (extent instanceof Extent.Hole hole) {
                out.varint(0).varint(hole.length());
            } else if (extent instanceof Extent.Data data) {
                out.varint(references.indexOf(data.chunk(), data.chunkBytes()) + 1L);
                out.varint(data.offset()).varint(data.length());
            }
        }
    }

    static List<Extent> decode(Decoder in, References references, int max) throws MalformedException {
        int count = in.count(max);
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int tag = in.count(references.size());
            if (tag == 0) {
                long length = in.positive();
                if (length < 1) {
                    throw new MalformedException("empty hole");
                }
                extents.add(new Extent.Hole(length));
            } else {
                int chunkBytes = references.plainBytes(tag - 1);
                int offset = in.count(chunkBytes);
                int length = in.count(chunkBytes - offset);
                if (length < 1) {
                    throw new MalformedException("empty extent");
                }
                extents.add(new Extent.Data(references.id(tag - 1), chunkBytes, offset, length));
            }
        }
        return extents;
    }

    static long covered(List<Extent> extents) throws MalformedException {
        long covered = 0;
        for (Extent extent : extents) {
            covered = add(covered, extent.length());
        }
        return covered;
    }

    static long add(long covered, long more) throws MalformedException {
        if (more < 1 || covered + more < covered) {
            throw new MalformedException("extents add up to more than a file can hold");
        }
        return covered + more;
    }
}
