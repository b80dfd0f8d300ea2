package dev.holdfast.agent.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/** An archive's bytes without its compression, which is recognised by content: names say nothing. */
final class Unpacked {
    private static final int BUFFER_BYTES = 256 << 10;
    /** An xz file may ask for any amount of memory; {@code xz -9} wants 65 MiB. */
    private static final int MOST_MEMORY_KIB = 80 << 10;

    private static final Set<String> KNOWN = Set.of(
            CompressorStreamFactory.GZIP,
            CompressorStreamFactory.BZIP2,
            CompressorStreamFactory.XZ,
            CompressorStreamFactory.ZSTANDARD,
            CompressorStreamFactory.LZMA,
            CompressorStreamFactory.Z,
            CompressorStreamFactory.LZ4_FRAMED);

    private Unpacked() {}

    /** Closing the result closes {@code file}. */
    static InputStream of(InputStream file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(file, BUFFER_BYTES);
        in.mark(TarHeader.BLOCK);
        byte[] first = in.readNBytes(TarHeader.BLOCK);
        in.reset();
        if (first.length == TarHeader.BLOCK && (TarInput.isZero(first) || TarInput.isHeader(first))) {
            return in;
        }
        try {
            InputStream unpacked =
                    new CompressorStreamFactory(true, MOST_MEMORY_KIB).createCompressorInputStream(in, KNOWN);
            return new BufferedInputStream(unpacked, BUFFER_BYTES);
        } catch (CompressorException | IllegalArgumentException e) {
            throw new MalformedArchiveException("it is no tar file, and no compressed one that is known here");
        }
    }
}
