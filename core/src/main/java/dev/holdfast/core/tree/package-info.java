/**
 * A snapshot's entries: one sequence, sorted by path components, cut by content into tree blocks.
 *
 * <p>Read {@link dev.holdfast.core.tree.Entry} first (one file, folder, link or device), then {@link
 * dev.holdfast.core.tree.Extent} (where its content lies), then {@link dev.holdfast.core.tree.TreeBlock} (the bytes) and {@link
 * dev.holdfast.core.tree.TreeCutter} (where blocks end). An unchanged stretch of a tree gives the same blocks as yesterday, so it
 * is neither sent nor stored again.
 */
@NullMarked
package dev.holdfast.core.tree;

import org.jspecify.annotations.NullMarked;
