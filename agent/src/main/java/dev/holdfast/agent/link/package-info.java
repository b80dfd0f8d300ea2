/**
 * The agent's side of the wire. Read {@link dev.holdfast.agent.link.ServerLink}: one connection to one server, questions
 * asked ahead and answered in order.
 */
@NullMarked
package dev.holdfast.agent.link;

import org.jspecify.annotations.NullMarked;
