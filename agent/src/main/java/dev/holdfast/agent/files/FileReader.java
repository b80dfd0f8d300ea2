package dev.holdfast.agent.files;

import java.io.Closeable;
import java.util.List;

/** An open regular file to read. Positioned calls may come from several threads; the others from one. */
public sealed interface FileReader extends Closeable permits NativeFileReader, PortableFileReader {
    /** What {@link #nextData} answers when only a hole follows. */
    long NO_MORE_DATA = -1;

    /** The status when the file was opened: that of the file that is read, whatever its name stands for now. */
    Status opened();

    /** The status now; differs from {@link #opened()} when somebody wrote meanwhile. */
    Status status() throws FileAccessException;

    /** Reads on from where the last call ended: as much as there is, up to {@code length}; -1 at the end. */
    int read(byte[] target, int offset, int length) throws FileAccessException;

    /** Reads at a position, without moving {@link #read}: as much as there is, up to {@code length}; -1 at the end. */
    int pread(long position, byte[] target, int offset, int length) throws FileAccessException;

    /** Where {@link #read} goes on. */
    void seek(long position);

    /** The first position at or after {@code from} that holds data, or {@link #NO_MORE_DATA}. */
    long nextData(long from) throws FileAccessException;

    /** The first position at or after {@code from} that is a hole; the end of the file counts as one. */
    long nextHole(long from) throws FileAccessException;

    /** All extended attributes that may be read, sorted by name. */
    List<ExtendedAttribute> xattrs() throws FileAccessException;

    @Override
    void close();
}
