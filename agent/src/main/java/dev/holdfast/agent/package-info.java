/** The package tree of this module; its sub-packages tell the story. */
@NullMarked
package dev.holdfast.agent;

import org.jspecify.annotations.NullMarked;
