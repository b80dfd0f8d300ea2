/**
 * One file per command, each a thin shell: read options, call the agent or the server, show the result. The list is {@link
 * dev.holdfast.cli.command.Commands}; what a command may use of the outside world comes with {@link
 * dev.holdfast.cli.command.Session}, so that tests can run it in their own process.
 */
@NullMarked
package dev.holdfast.cli.command;

import org.jspecify.annotations.NullMarked;
