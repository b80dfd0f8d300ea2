/**
 * A host's first conversation with a server, by an invitation. Read {@link dev.holdfast.agent.join.JoinRun}. A host that has
 * joined and has no key store asks for renewed realm keys by {@link dev.holdfast.agent.join.KeyringLink}.
 */
@NullMarked
package dev.holdfast.agent.join;

import org.jspecify.annotations.NullMarked;
