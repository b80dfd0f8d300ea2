/**
 * What was begun on this host and has not come to its end, as its state folder says: {@link dev.holdfast.agent.leftover.OpenWork}
 * for everybody who shows it, be it a person or a monitoring program.
 */
@NullMarked
package dev.holdfast.agent.leftover;

import org.jspecify.annotations.NullMarked;
