/**
 * The root of a snapshot ({@link dev.holdfast.core.snapshot.SnapshotManifest}, sealed, made by the agent) and the server's
 * record that it was taken in ({@code SnapshotRecord}, readable by the server, chained).
 */
@NullMarked
package dev.holdfast.core.snapshot;

import org.jspecify.annotations.NullMarked;
