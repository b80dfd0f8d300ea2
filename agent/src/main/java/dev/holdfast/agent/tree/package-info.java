/**
 * Reading stored snapshots: {@link dev.holdfast.agent.tree.SnapshotReader} opens one over a link, gives its entries as a
 * stream in constant memory, finds one path by reading one block, and fetches content.
 */
@NullMarked
package dev.holdfast.agent.tree;

import org.jspecify.annotations.NullMarked;
