package dev.holdfast.agent.files;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The names of a directory in order, a window at a time: the directory is read once for each window, so that memory is bounded
 * however many names there are (the window and its table). What comes or goes meanwhile may be seen or not.
 */
public final class NameCursor {
    /** Half a million names of usual length. */
    public static final int WINDOW_BYTES = 12 << 20;

    private final Directory directory;
    private final int windowBytes;
    private Listing window;
    private int next;

    NameCursor(Directory directory, int windowBytes) throws FileAccessException {
        this.directory = directory;
        this.windowBytes = windowBytes;
        this.window = directory.scanAfter(new byte[0], windowBytes);
    }

    /** Whether there is another name; may have to read the directory on. */
    public boolean hasNext() throws FileAccessException {
        if (next < window.size()) {
            return true;
        }
        if (!window.cutShort()) {
            return false;
        }
        window = directory.scanAfter(window.name(next - 1), windowBytes);
        next = 0;
        return window.size() > 0;
    }

    /** Names that begin with {@code prefix}, wherever they are; to be asked before the first name is taken. */
    public List<byte[]> startingWith(byte[] prefix) throws FileAccessException {
        Listing among = window;
        if (window.cutShort() && !endsBehind(prefix)) {
            among = directory.scanAfter(prefix, windowBytes);
        }
        int rank = among.find(prefix);
        int first = rank < 0 ? -rank - 1 : rank;
        List<byte[]> found = new ArrayList<>();
        for (int i = first; i < among.size() && startsWith(among.name(i), prefix); i++) {
            found.add(among.name(i));
        }
        return found;
    }

    private boolean endsBehind(byte[] prefix) {
        byte[] last = window.name(window.size() - 1);
        return Arrays.compareUnsigned(last, prefix) > 0 && !startsWith(last, prefix);
    }

    private static boolean startsWith(byte[] name, byte[] prefix) {
        return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The next name; only after {@link #hasNext}. */
    public byte[] next() {
        return window.name(next++);
    }

    /** How the next name compares with another one; only after {@link #hasNext}. */
    public int compare(byte[] name) {
        return window.compare(next, name);
    }
}
