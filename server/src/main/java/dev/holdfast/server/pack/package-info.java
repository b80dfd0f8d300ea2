/**
 * Packs: the files that hold the objects, and the only truth about them. Promise: what {@link
 * dev.holdfast.server.pack.PackWriter#sync} has returned for survives a power loss, and a damaged byte is reported as damage,
 * never as another object and never as "not found". Read {@link dev.holdfast.server.pack.PackFormat} first (the bytes), then
 * {@link dev.holdfast.server.pack.PackWriter} (the invariant), {@link dev.holdfast.server.pack.PackScan} (what is left after a
 * crash) and {@link dev.holdfast.server.pack.PackTable} (the footer).
 */
@NullMarked
package dev.holdfast.server.pack;

import org.jspecify.annotations.NullMarked;
