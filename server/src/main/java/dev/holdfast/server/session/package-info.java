/**
 * What the server does with one connected host. Read {@link dev.holdfast.server.session.AgentSession} first: it takes messages in
 * order from its {@link dev.holdfast.server.session.Dialogue}; {@link dev.holdfast.server.session.Intake} is a backup coming in,
 * {@link dev.holdfast.server.session.Reading} is snapshots going out, {@link dev.holdfast.server.session.LocalRequests} are snapshots
 * of the server's own volumes made when somebody wants to restore them, {@link dev.holdfast.server.session.FleetRequests}
 * is what agents tell of their schedules and operators want of them, and {@link dev.holdfast.server.session.Grants} says who may.
 * There is no message that deletes, overwrites or back-dates.
 */
@NullMarked
package dev.holdfast.server.session;

import org.jspecify.annotations.NullMarked;
