package dev.holdfast.agent.source;

/** What a restore does about running containers that can write to its target. */
public enum InUse {
    REFUSE,
    /** They are stopped for the restore, and started again. */
    STOP,
    /** They go on. */
    IGNORE
}
