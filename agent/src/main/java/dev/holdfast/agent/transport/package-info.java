/**
 * The agent's way to a server. {@link dev.holdfast.agent.transport.SshConnection} connects, insists on the pinned host key and logs
 * in with the machine's own key; {@link dev.holdfast.agent.transport.SshLink} is one channel on it that carries the protocol, as a
 * {@link dev.holdfast.core.wire.ByteLink}, and {@link dev.holdfast.agent.transport.ThrottledLink} slows one down to what the
 * configuration allows. {@link dev.holdfast.agent.transport.KeptConnection} is for an agent that stays: it sees that there is a
 * connection at any time, and whoever has something to say opens a channel on that.
 *
 * <p>Nothing of the user's own SSH set-up (configuration, agent, known hosts, identities) is looked at, and no type of the
 * SSH library leaves this package.
 */
@NullMarked
package dev.holdfast.agent.transport;

import org.jspecify.annotations.NullMarked;
