/**
 * What both ends of the SSH connection must agree on: algorithms, window and packet sizes, host key text, and how a
 * channel becomes a {@link dev.holdfast.core.wire.ByteLink}. The server's endpoint and the agent's link are built on it.
 *
 * <p>Read {@link dev.holdfast.core.transport.SshProfile} first, then {@link dev.holdfast.core.transport.ChannelLink}. Only
 * packages named {@code transport} know the SSH library: nobody else imports a type of it.
 */
@NullMarked
package dev.holdfast.core.transport;

import org.jspecify.annotations.NullMarked;
