/**
 * Looking into snapshots without restoring them. {@link dev.holdfast.agent.browse.EntryCursor} goes through a snapshot's entries in
 * order and fetches only the tree blocks that somebody looks at; on it stand {@link dev.holdfast.agent.browse.FolderListing} (one
 * folder), {@link dev.holdfast.agent.browse.TreeDiff} (two snapshots, or a snapshot and what is on disk: {@link
 * dev.holdfast.agent.browse.LiveTree}) and {@link dev.holdfast.agent.browse.Usage} (what is shared). All in constant memory beside the
 * list of blocks, except for the last, which counts chunks.
 */
@NullMarked
package dev.holdfast.agent.browse;

import org.jspecify.annotations.NullMarked;
