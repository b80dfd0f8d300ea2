/**
 * What says, on disk and outside of the target, that a restore has not come to its end: {@link dev.holdfast.agent.marker.Marker} for
 * the run itself, {@link dev.holdfast.agent.marker.UnfinishedRestore} for everybody who must not take what is there for the volume.
 */
@NullMarked
package dev.holdfast.agent.marker;

import org.jspecify.annotations.NullMarked;
