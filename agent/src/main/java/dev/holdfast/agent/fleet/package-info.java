/**
 * The resident agent and its servers: {@link dev.holdfast.agent.fleet.FleetLinks} keeps a connection to each, over which a standing
 * session ({@link dev.holdfast.agent.fleet.StandingSession}) announces what this host will do by itself, reports how its runs went, and
 * tells which restores of this host have not come to their end ({@link dev.holdfast.agent.fleet.RestoreWatch}), and
 * takes orders. Whether an order is carried out is decided here, by this host's own configuration and nothing that the server says
 * ({@link dev.holdfast.agent.fleet.OrderDesk}): a server may have been taken over.
 *
 * <p>Other conversations, such as those of backups, may open channels on the same connections.
 */
@NullMarked
package dev.holdfast.agent.fleet;

import org.jspecify.annotations.NullMarked;
