/**
 * Restore: a snapshot's entries become files again. Read {@link dev.holdfast.agent.restore.RestoreRun} first.
 *
 * <p>A snapshot's entries and a folder's names come in the same order, so one walk over both ({@link
 * dev.holdfast.agent.restore.TreeMerge}) says what is there, what is missing and what is too much, in constant memory. It is done
 * once to count ({@link dev.holdfast.agent.restore.Planner}) and once to act ({@link dev.holdfast.agent.restore.Performer}); what is
 * too much goes last, in a walk of its own ({@link dev.holdfast.agent.restore.Deletion}).
 *
 * <p>One thread walks and asks for chunks, many files at a time ({@link dev.holdfast.agent.restore.Fetcher}); workers open them and
 * write their pieces to all files that want them. A file is finished ({@link dev.holdfast.agent.restore.FileJob}) with its last
 * piece, a folder ({@link dev.holdfast.agent.restore.Folder}) with the last thing in it.
 *
 * <p>What holds at any moment, also after a crash: a file that has its final size and modification time has its final content, as
 * the time is set last; so the next run keeps what is done. Everything below the target is reached through open folders, and no
 * link is followed.
 */
@NullMarked
package dev.holdfast.agent.restore;

import org.jspecify.annotations.NullMarked;
