/**
 * Holding still what writes to a volume while the volume is read. {@link dev.holdfast.agent.standstill.Standstill} stops or pauses
 * the containers that use it and wakes exactly those again, in reverse order, whatever happens meanwhile: what it is about to stop
 * is in a {@link dev.holdfast.agent.standstill.StopSet} on disk first, and the next run of this machine wakes what a killed one
 * left ({@link dev.holdfast.agent.standstill.Waker}).
 */
@NullMarked
package dev.holdfast.agent.standstill;

import org.jspecify.annotations.NullMarked;
