/**
 * What the server knows about the backups of its hosts as a whole: which should have happened, which did, and who is there to do them.
 *
 * <p>Read {@link dev.holdfast.server.fleet.Fleet} first. The agents of hosts announce their schedules and report their runs through the
 * sessions that they keep open; {@link dev.holdfast.server.fleet.FleetBook} remembers both, and {@link
 * dev.holdfast.server.fleet.Judgement} makes of that, of the configuration and of the snapshots that are there what {@code holdfast
 * status} shows. A host that never announced anything is judged by the schedule that the configuration has for it: a backup that did not
 * happen is noticed although nobody is there to say so, and also what a host has announced never to be due. All times are the server's.
 *
 * <p>Agents also tell which restores of their hosts have not come to their end. One that was left is a fault of the host; so is one
 * that was at work when its host fell silent.
 *
 * <p>{@link dev.holdfast.server.fleet.FleetListener} is told of each end of a run, once. What did not happen is for whoever
 * asks for {@link dev.holdfast.server.fleet.Fleet#verdicts}: notifications do, and wait as long as they are told to.
 *
 * <p>Orders of operators go through here too: {@link dev.holdfast.server.fleet.OrderBoard} hands them to the agent of the host, which
 * decides by its own configuration whether it carries them out.
 */
@NullMarked
package dev.holdfast.server.fleet;

import org.jspecify.annotations.NullMarked;
