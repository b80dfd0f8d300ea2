/**
 * A command that is typed in a shell and carried out by the resident agent, which is warm and connected already. {@link
 * dev.holdfast.cli.handover.Handover} is the shell's side: it finds the agent's socket, hands a {@link
 * dev.holdfast.cli.handover.TypedLine} over and shows what comes back until the exit code does. It is on the way of every such command
 * before anything else of the program, so it loads few classes and knows neither options nor configuration: the agent says whether the
 * line is for it. {@link dev.holdfast.cli.handover.Reception} is the agent's side; what it does with the line is for its {@link
 * dev.holdfast.cli.handover.Reception.Desk} to know, which writes to a {@link dev.holdfast.cli.handover.Relay}.
 *
 * <p>The two are always of the same build, so what they say to each other may change with every version. They speak in the frames of
 * {@link dev.holdfast.core.daemon.FrameChannel}; {@link dev.holdfast.cli.handover.FrameType} lists them.
 */
@NullMarked
package dev.holdfast.cli.handover;

import org.jspecify.annotations.NullMarked;
