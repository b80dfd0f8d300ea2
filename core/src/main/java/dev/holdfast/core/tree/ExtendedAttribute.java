package dev.holdfast.core.tree;

import java.util.Arrays;

/** One extended attribute; POSIX ACLs and file capabilities are attributes too. Names are bytes with their namespace prefix. */
public record ExtendedAttribute(byte[] name, byte[] value) {
    public ExtendedAttribute {
        name = name.clone();
        value = value.clone();
    }

    @Override
    public byte[] name() {
        return name.clone();
    }

    int nameBytes() {
        return name.length;
    }

    int valueBytes() {
        return value.length;
    }

    @Override
    public byte[] value() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExtendedAttribute that
                && Arrays.equals(name, that.name)
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name) * 31 + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return EntryPath.printable(name) + " (" + value.length + " bytes)";
    }
}
