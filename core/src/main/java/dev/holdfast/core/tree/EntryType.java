package dev.holdfast.core.tree;

import dev.holdfast.core.codec.MalformedException;

/** What an entry is; the number is part of the format. */
public enum EntryType {
    FILE(1),
    DIRECTORY(2),
    SYMLINK(3),
    FIFO(4),
    SOCKET(5),
    CHARACTER_DEVICE(6),
    BLOCK_DEVICE(7);

    private static final EntryType[] BY_NUMBER = values();

    private final int number;

    EntryType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    static EntryType ofNumber(int number) throws MalformedException {
        if (number < 1 || number > BY_NUMBER.length) {
            throw new MalformedException("unknown entry type " + number);
        }
        return BY_NUMBER[number - 1];
    }

    public boolean isDevice() {
        return this == CHARACTER_DEVICE || this == BLOCK_DEVICE;
    }
}
