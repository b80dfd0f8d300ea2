/**
 * Holdfast looked at from outside: {@link dev.holdfast.system.LayersTest} holds the layers, {@link
 * dev.holdfast.system.LauncherTest} the distribution as it is shipped.
 */
@NullMarked
package dev.holdfast.system;

import org.jspecify.annotations.NullMarked;
