/**
 * Reading stored snapshots: {@link dev.holdfast.agent.tree.SnapshotReader} opens one over a link, gives its entries as a
 * stream in constant memory, finds one path by reading one block, and fetches content. A block that is
 * lost is a {@link dev.holdfast.agent.tree.Gap} among the others: the paths in it are unknown, all others are as good as ever.
 */
@NullMarked
package dev.holdfast.agent.tree;

import org.jspecify.annotations.NullMarked;
