/**
 * The object: the one unit that is stored, sent, scrubbed and counted. Read {@link
 * dev.holdfast.core.object.SealedObject} first (the bytes), then {@link dev.holdfast.core.object.Sealer} (how they are
 * made) and {@link dev.holdfast.core.object.Unsealer} (how they are opened). The byte layout is in {@code docs/format.md}.
 */
@NullMarked
package dev.holdfast.core.object;

import org.jspecify.annotations.NullMarked;
