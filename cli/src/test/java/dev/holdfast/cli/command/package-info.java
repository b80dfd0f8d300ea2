/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.cli.command;

import org.jspecify.annotations.NullMarked;
