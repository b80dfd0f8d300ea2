/**
 * The agent's way to a server. {@link dev.holdfast.agent.transport.SshLink} connects, insists on the pinned host key, logs
 * in with the machine's own key and opens the one channel that carries the protocol, as a {@link
 * dev.holdfast.core.wire.ByteLink}; {@link dev.holdfast.agent.transport.ThrottledLink} slows one down to what the
 * configuration allows.
 *
 * <p>Nothing of the user's own SSH set-up (configuration, agent, known hosts, identities) is looked at, and no type of the
 * SSH library leaves this package.
 */
@NullMarked
package dev.holdfast.agent.transport;

import org.jspecify.annotations.NullMarked;
