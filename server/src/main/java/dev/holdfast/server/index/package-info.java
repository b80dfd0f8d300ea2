/**
 * Where is the object with this id? The index only answers that; it is disposable and made again from the packs at any time.
 * Read {@link dev.holdfast.server.index.ObjectIndex} first. Objects of packs still growing or closed lately are in memory ({@link
 * dev.holdfast.server.index.MemoryIndex}), all others in sorted files ({@link dev.holdfast.server.index.Run}); {@link
 * dev.holdfast.server.index.LayeredIndex} asks both. Which runs are believed, written and merged is decided by the store.
 */
@NullMarked
package dev.holdfast.server.index;

import org.jspecify.annotations.NullMarked;
