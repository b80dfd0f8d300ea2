/** A host's first conversation with a server, by an invitation. Read {@link dev.holdfast.agent.join.JoinRun}. */
@NullMarked
package dev.holdfast.agent.join;

import org.jspecify.annotations.NullMarked;
