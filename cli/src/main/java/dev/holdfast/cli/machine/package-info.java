/**
 * Which machine this is, what it keeps for itself, and how it reaches its servers. Read {@link
 * dev.holdfast.cli.machine.Machine} first: the configuration, the name that {@link dev.holdfast.cli.machine.Identity} found, and
 * the keys that {@code configure} installed in the {@link dev.holdfast.cli.machine.StateFolder}. {@link
 * dev.holdfast.cli.machine.Connections} opens a session with a server by those keys; in a process that stays, over one of its {@link
 * dev.holdfast.cli.machine.StandingConnections}.
 *
 * <p>Failures about keys leave this package as problems ({@link dev.holdfast.cli.machine.KeyProblem}). Commands get all of it from
 * {@code Session}.
 */
@NullMarked
package dev.holdfast.cli.machine;

import org.jspecify.annotations.NullMarked;
