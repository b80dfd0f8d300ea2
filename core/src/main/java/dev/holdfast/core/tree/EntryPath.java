package dev.holdfast.core.tree;

import dev.holdfast.core.codec.MalformedException;
import java.util.Arrays;

/**
 * A path inside a volume: raw bytes, components joined by {@code '/'}, no slash at either end; the volume's root is empty.
 * Ordered by components, so that a folder is followed at once by everything inside it: that is byte order with {@code '/'}
 * below all other bytes.
 */
public final class EntryPath implements Comparable<EntryPath> {
    public static final EntryPath ROOT = new EntryPath(new byte[0]);
    /** Far more than any file system gives, and small enough to allocate unseen. */
    public static final int MAX_BYTES = 1 << 16;

    private final byte[] bytes;

    private EntryPath(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes a copy; throws when a component is empty, {@code .} or {@code ..}, or holds a NUL. */
    public static EntryPath ofBytes(byte[] bytes) throws MalformedException {
        check(bytes);
        return new EntryPath(bytes.clone());
    }

    /** For text typed by a person, see {@link NameText}; leading and trailing slashes are forgiven. */
    public static EntryPath ofText(String text) throws MalformedException {
        String trimmed = text.replaceAll("^/+|/+$", "");
        return ofBytes(NameText.bytes(trimmed));
    }

    private static void check(byte[] bytes) throws MalformedException {
        if (bytes.length > MAX_BYTES) {
            throw new MalformedException("path of " + bytes.length + " bytes");
        }
        int start = 0;
        for (int i = 0; i <= bytes.length && bytes.length > 0; i++) {
            if (i == bytes.length || bytes[i] == '/') {
                int length = i - start;
                boolean dots = length > 0 && length <= 2 && bytes[start] == '.' && bytes[i - 1] == '.';
                if (length == 0 || dots) {
                    throw new MalformedException("path with an empty, '.' or '..' component: " + printable(bytes));
                }
                start = i + 1;
            } else if (bytes[i] == 0) {
                throw new MalformedException("path with a NUL byte: " + printable(bytes));
            }
        }
    }

    /** Whether a child called {@code name} would have a path that is short enough. */
    public boolean mayHave(byte[] name) {
        return name.length < MAX_BYTES - bytes.length;
    }

    /**
     * The child called {@code name}, which must be one valid component as the file system gave it. Throws {@link
     * IllegalArgumentException} when the path would be longer than {@link #MAX_BYTES}.
     */
    public EntryPath child(byte[] name) {
        if (!mayHave(name)) {
            throw new IllegalArgumentException("path of more than " + MAX_BYTES + " bytes");
        }
        if (bytes.length == 0) {
            return new EntryPath(name.clone());
        }
        byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + name.length);
        joined[bytes.length] = '/';
        System.arraycopy(name, 0, joined, bytes.length + 1, name.length);
        return new EntryPath(joined);
    }

    public boolean isRoot() {
        return bytes.length == 0;
    }

    /** The folder that holds this; the root's parent is the root. */
    public EntryPath parent() {
        int slash = lastSlash();
        return slash < 0 ? ROOT : new EntryPath(Arrays.copyOf(bytes, slash));
    }

    /** The last component; empty for the root. */
    public byte[] name() {
        return Arrays.copyOfRange(bytes, lastSlash() + 1, bytes.length);
    }

    private int lastSlash() {
        int i = bytes.length - 1;
        while (i >= 0 && bytes[i] != '/') {
            i--;
        }
        return i;
    }

    /** Whether this is {@code folder} or lies anywhere below it. */
    public boolean isWithin(EntryPath folder) {
        int length = folder.bytes.length;
        return length == 0
                || (bytes.length >= length
                        && Arrays.equals(bytes, 0, length, folder.bytes, 0, length)
                        && (bytes.length == length || bytes[length] == '/'));
    }

    public int length() {
        return bytes.length;
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The bytes themselves, for reading only. */
    byte[] view() {
        return bytes;
    }

    @Override
    public int compareTo(EntryPath other) {
        return compare(bytes, other.bytes);
    }

    private static int compare(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        if (mismatch < 0) {
            return 0;
        }
        if (mismatch == a.length || mismatch == b.length) {
            return a.length - b.length;
        }
        return rank(a[mismatch]) - rank(b[mismatch]);
    }

    private static int rank(byte value) {
        return value == '/' ? -1 : value & 0xff;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntryPath that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** For people, as {@link NameText#print} shows names; {@link #ofText} takes it back. */
    @Override
    public String toString() {
        return printable(bytes);
    }

    /** As {@link #toString}, for any name. */
    public static String printable(byte[] bytes) {
        return NameText.print(bytes);
    }
}
