/** Code that breaks the rules of the house on purpose, so that {@code LayersSeenToFailTest} sees each rule fail. Never shipped. */
@NullMarked
package dev.holdfast.core.planted;

import org.jspecify.annotations.NullMarked;
