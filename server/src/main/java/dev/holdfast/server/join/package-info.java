/**
 * Hosts that join by an invitation. {@link dev.holdfast.server.join.Invitations} is the folder in which {@code server invite} leaves
 * them and the server strikes them out; read it first. An {@link dev.holdfast.server.join.Invitation} is one file, and the one atomic
 * write that strikes it out also records who came: so a crash leaves either an open invitation or a host that belongs to the server.
 */
@NullMarked
package dev.holdfast.server.join;

import org.jspecify.annotations.NullMarked;
