package dev.holdfast.core.progress;

/**
 * Told by a run what happens; called from several threads, must return at once. Paths are for people (lossy text), sizes in
 * bytes.
 */
public interface Progress {
    /** A new part of the run began, such as {@code "scanning"} or {@code "uploading"}. */
    default void phase(String name) {}

    /** What is known to be ahead in all; may be called again with better figures. */
    default void total(long files, long bytes) {}

    /** So much is ahead and perhaps more: it is still being counted, and {@link #total} follows. */
    default void atLeast(long files, long bytes) {}

    /** Whether a total is worth the effort of counting. */
    default boolean wantsTotal() {
        return false;
    }

    /** So many more files and bytes are done. */
    default void advanced(long files, long bytes) {}

    /** So many more bytes went over the wire. */
    default void transferred(long bytes) {}

    /** The file now at work. */
    default void current(String path) {}

    /** Something to tell at once that is no failure of the run, such as a lost connection being retried. */
    default void notice(String message) {}

    /** Nobody watches. */
    Progress NONE = new Progress() {};
}
