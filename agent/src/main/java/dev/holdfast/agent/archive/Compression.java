package dev.holdfast.agent.archive;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** How an exported archive is made smaller. */
public enum Compression {
    NONE(""),
    GZ(".gz"),
    ZST(".zst"),
    XZ(".xz");

    private static final int BUFFER_BYTES = 64 << 10;
    /** With a dictionary of 4 MiB: the higher ones want more memory than a run of this program has. */
    private static final int XZ_PRESET = 4;

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /** What the file's name ends in, behind {@code .tar}. */
    public String suffix() {
        return suffix;
    }

    /** A stream that compresses into {@code out} and closes it. */
    OutputStream to(OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZ -> new GZIPOutputStream(out, BUFFER_BYTES);
            case ZST -> new ZstdOutputStream(out).setChecksum(true);
            case XZ -> new XZOutputStream(out, new LZMA2Options(XZ_PRESET));
        };
    }
}
