package dev.holdfast.agent.files;

/** What a name in a directory stands for. */
public enum FileType {
    FILE(0100000),
    DIRECTORY(0040000),
    SYMLINK(0120000),
    FIFO(0010000),
    SOCKET(0140000),
    CHARACTER(0020000),
    BLOCK(0060000);

    static final int MASK = 0170000;
    private static final FileType[] BY_BITS = new FileType[16];

    static {
        for (FileType type : values()) {
            BY_BITS[type.bits >>> 12] = type;
        }
    }

    private final int bits;

    FileType(int bits) {
        this.bits = bits;
    }

    /** The type part of {@code st_mode}. */
    int bits() {
        return bits;
    }

    /** The type in {@code st_mode}; what the kernel does not name is as unreadable as a socket. */
    static FileType of(int mode) {
        FileType type = BY_BITS[(mode & MASK) >>> 12];
        return type == null ? SOCKET : type;
    }
}
