/**
 * What this machine remembers of the histories that servers showed it. Snapshot records form a chain per host, so a server that
 * forgets, rewrites or forks a history can be told from one that does not: {@link dev.holdfast.agent.history.SeenHeads} keeps the
 * last record seen of every volume and compares each new listing with it.
 */
@NullMarked
package dev.holdfast.agent.history;

import org.jspecify.annotations.NullMarked;
