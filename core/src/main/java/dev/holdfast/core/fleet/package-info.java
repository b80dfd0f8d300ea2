/**
 * What a server and the agents of its hosts tell each other about work: {@link dev.holdfast.core.fleet.Announcement} is what a host
 * will do by itself, {@link dev.holdfast.core.fleet.RunReport} how it went, {@link dev.holdfast.core.fleet.VolumeStatus} what the
 * server makes of both and of its snapshots, {@link dev.holdfast.core.fleet.OpenRestore} a restore of the host that has not come to its
 * end, which the server shows as a {@link dev.holdfast.core.fleet.RestoreStatus}, and {@link dev.holdfast.core.fleet.Order} is work that an operator wants done on a host
 * now, with {@link dev.holdfast.core.fleet.OrderProgress} and {@link dev.holdfast.core.fleet.OrderEnd} as answers.
 *
 * <p>All of it crosses the wire ({@code docs/protocol.md}) and comes from machines that may be hostile: every decoder checks counts
 * and lengths before anything is allocated, and times of agents are distances from now, so that nobody's clock is believed.
 */
@NullMarked
package dev.holdfast.core.fleet;

import org.jspecify.annotations.NullMarked;
