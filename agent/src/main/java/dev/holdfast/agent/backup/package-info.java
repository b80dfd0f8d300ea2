/**
 * Backup: a volume's files become sealed objects on the server. Read {@link dev.holdfast.agent.backup.BackupRun} first.
 *
 * <p>One thread walks ({@link dev.holdfast.agent.backup.Walk}), compares with the parent snapshot ({@link
 * dev.holdfast.agent.backup.Parent}) and reads what changed ({@link dev.holdfast.agent.backup.ContentReader}) into slabs. Workers
 * name, compress, seal and send the chunks ({@link dev.holdfast.agent.backup.Uploader}). One thread turns the finished entries, in
 * order, into tree blocks and at last into the snapshot ({@link dev.holdfast.agent.backup.TreeAssembler}). Memory is bounded by the
 * slabs and by the length of the queue between the first and the last. Beside them, when there is no parent to tell how much is
 * ahead, {@link dev.holdfast.agent.backup.CountAhead} goes through the volume for the sake of whoever watches.
 */
@NullMarked
package dev.holdfast.agent.backup;

import org.jspecify.annotations.NullMarked;
