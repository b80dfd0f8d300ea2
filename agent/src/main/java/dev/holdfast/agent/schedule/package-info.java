/**
 * The schedule of a host: {@link dev.holdfast.agent.schedule.ResidentAgent} stays, and carries out the jobs of the configuration one
 * after the other when they are due. {@link dev.holdfast.agent.schedule.Scheduler} decides which and when, and {@link
 * dev.holdfast.agent.schedule.Timing} is what the configuration says about it; neither waits nor reads a clock that was not given
 * to it. {@link dev.holdfast.agent.schedule.ScheduleBook} is what survives the process: what has run, what is owed, and whether the
 * schedule is paused. {@link dev.holdfast.agent.schedule.ScheduleReport} tells people of it, whether or not the agent runs.
 *
 * <p>Runs in the process of the agent, be they jobs or asked for by somebody, take {@link dev.holdfast.agent.schedule.Turn turns}.
 * Whoever wants a backup out of turn hands in a {@link dev.holdfast.agent.schedule.Demand}; it runs between those of the schedule, never
 * beside one. A {@link dev.holdfast.agent.schedule.Follower} is told of everything that happens.
 *
 * <p>How a backup is made is not known here: that is the {@link dev.holdfast.agent.schedule.JobRunner}.
 */
@NullMarked
package dev.holdfast.agent.schedule;

import org.jspecify.annotations.NullMarked;
