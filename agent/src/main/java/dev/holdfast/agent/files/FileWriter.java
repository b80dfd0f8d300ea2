package dev.holdfast.agent.files;

import java.io.Closeable;

/** An open regular file to write. Positioned calls may come from several threads. */
public sealed interface FileWriter extends Closeable permits NativeFileWriter, PortableFileWriter {
    /** Writes all of it. */
    void pwrite(long position, byte[] source, int offset, int length) throws FileAccessException;

    /** Reads what is there: as much as there is, up to {@code length}; -1 at the end. */
    int pread(long position, byte[] target, int offset, int length) throws FileAccessException;

    /** Cuts the file off, or makes it longer by a hole. */
    void setLength(long length) throws FileAccessException;

    /** Makes a range read as zeros and gives its space back, as far as the file system can; never changes the length. */
    void punchHole(long position, long length) throws FileAccessException;

    Status status() throws FileAccessException;

    Attributes attributes();

    /** Lets a range that was written begin its way to the disk, without waiting: a later sync has less to wait for. */
    void beginSync(long position, long length);

    /**
     * Takes the file until this is closed or the process ends, however it ends; false when somebody else has it. It keeps nobody from
     * reading or writing.
     */
    boolean tryLock() throws FileAccessException;

    /** Returns when content and metadata are on the disk. */
    void sync() throws FileAccessException;

    @Override
    void close() throws FileAccessException;
}
