/** The schedule, on a clock that tests set. */
@NullMarked
package dev.holdfast.agent.schedule;

import org.jspecify.annotations.NullMarked;
