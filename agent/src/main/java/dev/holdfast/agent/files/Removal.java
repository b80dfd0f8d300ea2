package dev.holdfast.agent.files;

/** What removing a tree did, or would do: whether anything goes, and whether anything stays. */
public record Removal(boolean removes, boolean spares) {}
