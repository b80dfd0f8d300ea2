package dev.holdfast.agent.browse;

import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;

/** One difference between two trees; {@code before} and {@code after} are the same entry when there is only one. */
public record Change(Kind kind, Entry before, Entry after) {
    /** What differs; the mark is the one that restic shows. */
    public enum Kind {
        ADDED('+'),
        REMOVED('-'),
        CONTENT('M'),
        METADATA('U'),
        TYPE('T');

        private final char mark;

        Kind(char mark) {
            this.mark = mark;
        }

        public char mark() {
            return mark;
        }
    }

    public EntryPath path() {
        return after.path();
    }
}
