/**
 * Cutting file content into chunks so that an insertion moves few of them. Read {@link dev.holdfast.core.chunk.Chunker}.
 */
@NullMarked
package dev.holdfast.core.chunk;

import org.jspecify.annotations.NullMarked;
