/**
 * All of the agent's dealings with the file system, and the only place with native access. Read {@link
 * dev.holdfast.agent.files.FileSystemView} first, then {@link dev.holdfast.agent.files.Directory}.
 *
 * <p>Two promises. Names are raw bytes from the kernel to the snapshot and back, whatever the locale. And everything below a
 * root is reached through open directories, one name at a time, and no link is ever followed: what a hostile neighbour swaps in
 * meanwhile, or a hostile snapshot asks for, stays inside the root.
 *
 * <p>There are two implementations. The native one speaks to the Linux kernel ({@code Kernel}, the only class that touches
 * JNA); the portable one does what {@code java.nio.file} can, and {@link dev.holdfast.agent.files.FileSystemView#losses()} says
 * what that leaves out.
 */
@NullMarked
package dev.holdfast.agent.files;

import org.jspecify.annotations.NullMarked;
