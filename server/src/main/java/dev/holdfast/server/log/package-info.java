/**
 * The history of each host: an append-only, hash-chained file of snapshot records, stamped by this server. Read {@link
 * dev.holdfast.server.log.SnapshotLog} first, then {@link dev.holdfast.server.log.HostLog}: one file and its invariant.
 */
@NullMarked
package dev.holdfast.server.log;

import org.jspecify.annotations.NullMarked;
