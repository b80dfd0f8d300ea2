/**
 * Container engines, Docker and Podman, spoken to by their HTTP interface. {@link dev.holdfast.agent.engine.Engine} is the door:
 * it finds the socket, agrees on a version, and makes exactly the calls that {@code docs/guide/containers.md} lists, so that a
 * socket proxy can be told what to let through. {@link dev.holdfast.agent.engine.VolumeData} knows where the files of a volume are,
 * which is not always where the engine says.
 */
@NullMarked
package dev.holdfast.agent.engine;

import org.jspecify.annotations.NullMarked;
