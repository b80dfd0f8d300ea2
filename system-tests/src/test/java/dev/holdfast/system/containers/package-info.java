/**
 * Volumes of container engines, with real ones: {@link dev.holdfast.system.containers.DockerEngine} starts a Docker engine of its
 * own for a test, with an image made from busybox, so that nothing is downloaded. Where no engine is installed the tests say that
 * they did not run.
 */
@NullMarked
package dev.holdfast.system.containers;

import org.jspecify.annotations.NullMarked;
