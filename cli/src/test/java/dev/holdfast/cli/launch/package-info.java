/** Whole command lines, run inside the test process; {@link dev.holdfast.cli.launch.ProgramRun} is the way to run one. */
@NullMarked
package dev.holdfast.cli.launch;

import org.jspecify.annotations.NullMarked;
