/**
 * Commands of the operator's around a backup of a volume. {@link dev.holdfast.agent.hook.VolumeHooks} puts them around a source; what
 * has yet to be run is in an {@link dev.holdfast.agent.hook.OwedHook} on disk first, and the next run of this machine makes up for a
 * killed one.
 */
@NullMarked
package dev.holdfast.agent.hook;

import org.jspecify.annotations.NullMarked;
