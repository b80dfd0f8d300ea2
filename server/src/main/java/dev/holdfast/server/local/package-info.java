/**
 * Snapshots of volumes that lie on the server itself, made when somebody asks for one. The server does not read volumes: the program
 * that starts it lends it a {@link dev.holdfast.server.local.LocalAgent}, which backs up as every agent does, over a connection inside
 * the process ({@link dev.holdfast.server.local.InnerLink}). Read {@link dev.holdfast.server.local.SnapshotsOnDemand} first: who asks
 * while a run is under way waits for the next, together with all who ask meanwhile.
 */
@NullMarked
package dev.holdfast.server.local;

import org.jspecify.annotations.NullMarked;
