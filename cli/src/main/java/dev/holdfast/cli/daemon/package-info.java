/**
 * What a long-running command needs from the operating system beside its work: {@link dev.holdfast.cli.daemon.Logging} turns the
 * log on (all other commands run without it), {@link dev.holdfast.cli.daemon.Signals} listens for SIGHUP and SIGTERM, and {@link
 * dev.holdfast.cli.daemon.DetachedProcess} starts this program again in the background.
 */
@NullMarked
package dev.holdfast.cli.daemon;

import org.jspecify.annotations.NullMarked;
