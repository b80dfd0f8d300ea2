/** The package tree of this module; its sub-packages tell the story. */
@NullMarked
package dev.holdfast.server;

import org.jspecify.annotations.NullMarked;
