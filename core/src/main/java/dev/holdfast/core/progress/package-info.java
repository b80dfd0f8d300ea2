/**
 * How a run tells whoever watches it how far it is, without knowing whether that is a terminal, a log or a JSON stream.
 */
@NullMarked
package dev.holdfast.core.progress;

import org.jspecify.annotations.NullMarked;
