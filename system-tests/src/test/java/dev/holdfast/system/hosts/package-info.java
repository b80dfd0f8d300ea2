/**
 * Hosts and a server in one process, for tests of the whole way of a volume: {@link dev.holdfast.system.hosts.TwoHosts} first. The
 * link between them is memory instead of SSH ({@link dev.holdfast.system.hosts.LoopLink}); everything else is the real thing.
 */
@NullMarked
package dev.holdfast.system.hosts;

import org.jspecify.annotations.NullMarked;
