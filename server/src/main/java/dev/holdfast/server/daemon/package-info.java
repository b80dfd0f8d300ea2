/**
 * The running server: {@link dev.holdfast.server.daemon.BackupServer} is the way in, from configuration to listening port. {@link
 * dev.holdfast.server.daemon.Membership} is what the configuration and the public keys mean at this moment; it is exchanged as a
 * whole when they change. {@link dev.holdfast.server.daemon.ControlClient} is how the command line on the same machine asks and steers.
 */
@NullMarked
package dev.holdfast.server.daemon;

import org.jspecify.annotations.NullMarked;
