package dev.holdfast.agent.restore;

/** What a restore does to one path. */
public enum Action {
    /** Nothing is there yet. */
    CREATE,
    /** Something of another kind is there. */
    REPLACE,
    /** A file of other content is there. */
    UPDATE,
    /** Only owner, mode, times or attributes differ. */
    METADATA,
    /** It is as it should be. */
    KEEP,
    /** It is not in the snapshot. */
    DELETE
}
