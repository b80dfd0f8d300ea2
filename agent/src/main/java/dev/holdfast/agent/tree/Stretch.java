package dev.holdfast.agent.tree;

/** What comes next in a snapshot: an opened tree block, or a gap where one should be. */
public sealed interface Stretch permits Block, Gap {
    /** Its place in the snapshot. */
    int number();
}
