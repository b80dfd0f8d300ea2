package dev.holdfast.core.tree;

/** Numeric owner and group, which are restored, and their names on the source host, which inform; empty when unknown. */
public record Owner(int uid, int gid, String user, String group) {}
