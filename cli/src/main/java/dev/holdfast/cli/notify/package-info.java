/**
 * How a process that stays talks to the service manager that started it: it is ready, it reads its configuration again, it is alive,
 * it ends. {@link dev.holdfast.cli.notify.ServiceManager} is all that commands see; without a manager it says nothing. The messages
 * are lines of text in a datagram to a Unix socket ({@code sd_notify(3)}), which Java cannot send: {@link
 * dev.holdfast.cli.notify.DatagramSocketCalls} are the three C functions that can.
 */
@NullMarked
package dev.holdfast.cli.notify;

import org.jspecify.annotations.NullMarked;
