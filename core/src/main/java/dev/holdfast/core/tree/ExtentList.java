package dev.holdfast.core.tree;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.util.Arrays;
import java.util.List;

/**
 * A run of one large file's extents, and the plaintext of an {@code EXTENTS} object. For a file that is changed in place page
 * by page (a database) it also keeps a short keyed fingerprint of each page, so that the next backup stores just the pages
 * that changed.
 *
 * @param pageBytes page size, or 0 when there are no fingerprints
 * @param fingerprints {@value #FINGERPRINT_BYTES} bytes for each page that the extents cover
 */
public record ExtentList(List<Extent> extents, int pageBytes, byte[] fingerprints) {
    public static final int FINGERPRINT_BYTES = 12;
    /** File bytes that one list of a paged file covers. */
    public static final int PAGED_SPAN_BYTES = 64 << 20;
    /** Extents in one list of a file that is cut by content. */
    public static final int MAX_CUT_EXTENTS = 1024;

    private static final int VERSION = 1;
    private static final int MAX_PAGE_BYTES = 1 << 20;

    public ExtentList {
        extents = List.copyOf(extents);
    }

    public long length() {
        long length = 0;
        for (Extent extent : extents) {
            length += extent.length();
        }
        return length;
    }

    public TreeBlock.Encoded encode() {
        References references = new References();
        Encoder body = new Encoder(extents.size() * 6 + fingerprints.length);
        ExtentCodec.encode(extents, references, body);
        body.varint(pageBytes);
        if (pageBytes > 0) {
            body.raw(fingerprints);
        }
        Encoder out = new Encoder(body.size() + references.size() * 3 + 16);
        out.u8(VERSION);
        references.encodeLengths(out);
        out.raw(body.array(), 0, body.size());
        return new TreeBlock.Encoded(references.toBytes(), out.toBytes());
    }

    public static ExtentList decode(byte[] references, byte[] plain) throws MalformedException {
        Decoder in = new Decoder(plain);
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedException("extent list version " + version + " is not known");
        }
        List<Extent> extents = ExtentCodec.decode(in, References.decode(references, in));
        long covered = ExtentCodec.covered(extents);
        int pageBytes = in.count(MAX_PAGE_BYTES);
        byte[] fingerprints = {};
        if (pageBytes > 0) {
            long pages = (covered + pageBytes - 1) / pageBytes;
            if (pages * FINGERPRINT_BYTES != in.left()) {
                throw new MalformedException("fingerprints of " + pages + " pages expected");
            }
            fingerprints = in.raw(in.left());
        }
        in.end();
        return new ExtentList(extents, pageBytes, fingerprints);
    }

    /** The fingerprint of page {@code index}, counted from this list's start. */
    public byte[] fingerprint(int index) {
        return Arrays.copyOfRange(fingerprints, index * FINGERPRINT_BYTES, (index + 1) * FINGERPRINT_BYTES);
    }
}
