/** Who this machine is and what it keeps. */
@NullMarked
package dev.holdfast.cli.machine;

import org.jspecify.annotations.NullMarked;
