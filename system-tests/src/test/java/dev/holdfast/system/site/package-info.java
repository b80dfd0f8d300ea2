/**
 * The whole system as its users run it: the packaged program, its commands as processes of their own, real SSH on loopback, real
 * folders, and faults that come from outside: {@code kill -9}, a cut line, a full disk, a flipped byte, a stranger at the door.
 *
 * <p>Read {@link dev.holdfast.system.site.RealSite} first: one server and two hosts in a temporary folder. What came back is
 * compared with the system's own tools ({@link dev.holdfast.system.site.Trees}), never with code of Holdfast.
 */
@NullMarked
package dev.holdfast.system.site;

import org.jspecify.annotations.NullMarked;
