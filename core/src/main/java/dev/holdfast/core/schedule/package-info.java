/**
 * When something is due. {@link dev.holdfast.core.schedule.Cron} is a schedule as people write it, validated when the
 * configuration is read, and asked for the next moment after another one; {@link dev.holdfast.core.schedule.DailyWindow} is the hours
 * at which runs may start. Nothing here looks at a clock.
 */
@NullMarked
package dev.holdfast.core.schedule;

import org.jspecify.annotations.NullMarked;
