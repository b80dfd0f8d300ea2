/**
 * {@code holdfast demo}: the main job for real on this machine, with a server of its own and two hosts, told step by step. Read
 * {@link dev.holdfast.cli.demo.Demo}.
 */
@NullMarked
package dev.holdfast.cli.demo;

import org.jspecify.annotations.NullMarked;
