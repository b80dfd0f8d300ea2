/**
 * From the process's arguments to its exit code. {@link dev.holdfast.cli.launch.Main} is the only place that ends the process;
 * {@link dev.holdfast.cli.launch.Program} runs one command line; {@link dev.holdfast.cli.launch.ErrorReport} turns whatever went
 * wrong into two lines for a person or one for a program.
 */
@NullMarked
package dev.holdfast.cli.launch;

import org.jspecify.annotations.NullMarked;
