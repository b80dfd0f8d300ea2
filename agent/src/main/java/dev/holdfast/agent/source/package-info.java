/**
 * What a backup reads. A {@link dev.holdfast.agent.source.Source} is a kind of volume; frozen, it is a
 * {@link dev.holdfast.agent.source.FrozenView}: a folder to walk, held as still as that kind allows until it is closed.
 */
@NullMarked
package dev.holdfast.agent.source;

import org.jspecify.annotations.NullMarked;
