/**
 * The few file operations that durable data needs, as an interface, so that tests can lose power between any two of them.
 * Read {@link dev.holdfast.server.disk.Disk} first, then {@link dev.holdfast.server.disk.AtomicFile}: the one way in which a
 * small file is replaced. Nothing in the pack, index, log and store packages touches files by another way.
 */
@NullMarked
package dev.holdfast.server.disk;

import org.jspecify.annotations.NullMarked;
