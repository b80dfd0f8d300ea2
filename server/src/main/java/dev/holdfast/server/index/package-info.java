/**
 * Where is the object with this id? The index only answers that; it is disposable and made again from the packs at any time.
 * Read {@link dev.holdfast.server.index.ObjectIndex} first. Objects of packs still growing are in memory ({@link
 * dev.holdfast.server.index.MemoryIndex}).
 */
@NullMarked
package dev.holdfast.server.index;

import org.jspecify.annotations.NullMarked;
