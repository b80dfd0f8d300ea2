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

    /** Extents in any list: a paged file with 1 KiB pages that all lie apart. */
    public static final int MAX_EXTENTS = 1 << 16;

    public static final int MAX_PAGE_BYTES = 1 << 20;

    private static final int VERSION = 1;

    public ExtentList {
        extents = List.copyOf(extents);
        fingerprints = fingerprints.clone();
        if (extents.size() > MAX_EXTENTS || pageBytes < 0 || pageBytes > MAX_PAGE_BYTES) {
            throw new IllegalArgumentException(extents.size() + " extents, pages of " + pageBytes + " bytes");
        }
        long covered = 0;
        for (Extent extent : extents) {
            covered = Math.addExact(covered, extent.length());
        }
        if (!fits(covered, pageBytes, fingerprints.length)) {
            throw new IllegalArgumentException(
                    fingerprints.length + " bytes of fingerprints for " + covered + " bytes");
        }
    }

    private static boolean fits(long covered, int pageBytes, int fingerprintsBytes) {
        long pages = pageBytes == 0 ? 0 : covered / pageBytes + (covered % pageBytes == 0 ? 0 : 1);
        return fingerprintsBytes % FINGERPRINT_BYTES == 0 && fingerprintsBytes / FINGERPRINT_BYTES == pages;
    }

    @Override
    public byte[] fingerprints() {
        return fingerprints.clone();
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
        List<Extent> extents = ExtentCodec.decode(in, References.decode(references, in), MAX_EXTENTS);
        long covered = ExtentCodec.covered(extents);
        int pageBytes = in.count(MAX_PAGE_BYTES);
        if (!fits(covered, pageBytes, in.left())) {
            throw new MalformedException(in.left() + " bytes of fingerprints for " + covered + " bytes");
        }
        return new ExtentList(extents, pageBytes, in.raw(in.left()));
    }

    /** Whether the fingerprint of page {@code index}, counted from this list's start, is the one that {@code tag} begins with. */
    public boolean matches(int index, byte[] tag) {
        return matches(index, tag, 0);
    }

    /** The same, where the fingerprint to compare with begins at {@code offset} of {@code tags}. */
    public boolean matches(int index, byte[] tags, int offset) {
        int from = index * FINGERPRINT_BYTES;
        return Arrays.equals(fingerprints, from, from + FINGERPRINT_BYTES, tags, offset, offset + FINGERPRINT_BYTES);
    }
}
