/**
 * The SSH host keys that a machine expects. Read {@link dev.holdfast.keys.pin.PinnedHosts}: nothing is ever trusted on first use.
 */
@NullMarked
package dev.holdfast.keys.pin;

import org.jspecify.annotations.NullMarked;
