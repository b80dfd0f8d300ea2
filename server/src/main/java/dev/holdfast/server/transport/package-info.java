/**
 * The server's SSH door. {@link dev.holdfast.server.transport.SshEndpoint} listens, {@link
 * dev.holdfast.server.transport.Doorkeeper} limits who may knock, a client's key decides which host it is, and each channel
 * of the {@code holdfast} subsystem becomes a {@link dev.holdfast.core.wire.ByteLink} for a {@link
 * dev.holdfast.server.transport.SessionHandler}. Shells, commands and SFTP are turned away with a sentence.
 *
 * <p>No type of the SSH library leaves this package.
 */
@NullMarked
package dev.holdfast.server.transport;

import org.jspecify.annotations.NullMarked;
