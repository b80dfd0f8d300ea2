/**
 * The root of a snapshot ({@link dev.holdfast.core.snapshot.SnapshotManifest}, sealed, made by the agent) and the server's
 * record that it was taken in ({@link dev.holdfast.core.snapshot.SnapshotRecord}, readable by the server, one link in the
 * append-only chain of its host; agents and replicas check the chain).
 */
@NullMarked
package dev.holdfast.core.snapshot;

import org.jspecify.annotations.NullMarked;
