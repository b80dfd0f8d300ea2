/**
 * What a process that stays needs, be it the server or an agent: {@link dev.holdfast.core.daemon.ProcessLock} so that there is only
 * one, {@link dev.holdfast.core.daemon.ControlSocket} through which the command line on the same machine steers it ({@link
 * dev.holdfast.core.daemon.ControlCall} is the other end, and {@link dev.holdfast.core.daemon.FrameChannel} what is said when one
 * answer is not enough), and {@link dev.holdfast.core.daemon.ConfigurationWatch}, which notices that the configuration has changed.
 * {@link dev.holdfast.core.daemon.LockedFile} is for shorter work that only one may do, and that leaves a word when it is killed.
 */
@NullMarked
package dev.holdfast.core.daemon;

import org.jspecify.annotations.NullMarked;
