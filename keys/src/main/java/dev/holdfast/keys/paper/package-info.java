/**
 * Secrets that people write down, read out and type. {@link dev.holdfast.keys.paper.PaperCode} is the one form; recovery keys and
 * invitations are two kinds of it.
 */
@NullMarked
package dev.holdfast.keys.paper;

import org.jspecify.annotations.NullMarked;
