/** The package tree of this module; its sub-packages tell the story. */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
