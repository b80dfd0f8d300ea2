/**
 * Holdfast looked at from outside: {@link dev.holdfast.system.LayersTest} holds the layers, {@link
 * dev.holdfast.system.LauncherTest} the distribution as it is shipped, {@link dev.holdfast.system.FormatDocTest} the documents of
 * format and protocol, and {@link dev.holdfast.system.IndependentReaderTest} a reader written from them.
 */
@NullMarked
package dev.holdfast.system;

import org.jspecify.annotations.NullMarked;
