/** Tests of archives, against the real GNU tar and bsdtar, and against archives that mean harm. */
@NullMarked
package dev.holdfast.agent.archive;

import org.jspecify.annotations.NullMarked;
