package dev.holdfast.core.object;

/** What an object is for. The server needs it for nothing but counting; the number is part of the format. */
public enum ObjectKind {
    /** File content, without references. */
    CHUNK(1),
    /** A sorted run of file entries, referencing the chunks and extent lists that they use. */
    TREE(2),
    /** The root of a snapshot, referencing its tree blocks in order. */
    SNAPSHOT(3),
    /** A session key wrapped by a realm epoch key; the only kind whose payload is not sealed. */
    SLOT(4),
    /** A run of extents of one large file, referencing chunks. */
    EXTENTS(5);

    private static final ObjectKind[] BY_NUMBER = {null, CHUNK, TREE, SNAPSHOT, SLOT, EXTENTS};

    private final int number;

    ObjectKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Whether objects of this kind never have references. */
    public boolean leaf() {
        return this == CHUNK || this == SLOT;
    }

    /** Throws {@link MalformedObjectException} for a number that this version does not know. */
    public static ObjectKind ofNumber(int number) throws MalformedObjectException {
        if (number < 1 || number >= BY_NUMBER.length) {
            throw new MalformedObjectException("unknown object kind " + number);
        }
        return BY_NUMBER[number];
    }
}
