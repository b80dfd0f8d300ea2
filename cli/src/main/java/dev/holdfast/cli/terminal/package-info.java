/**
 * Everything that reaches the person's eyes. {@link dev.holdfast.cli.terminal.Terminal} owns the three standard streams and
 * knows which of them is a terminal; {@link dev.holdfast.cli.terminal.JsonOutput} writes one object per line for programs;
 * {@link dev.holdfast.cli.terminal.ProgressDisplay} shows a run, redrawn on a terminal and sparse elsewhere.
 *
 * <p>Names of files and hosts come from strangers: {@link dev.holdfast.cli.terminal.SafeText} keeps their control characters
 * from the terminal.
 */
@NullMarked
package dev.holdfast.cli.terminal;

import org.jspecify.annotations.NullMarked;
