/**
 * Tells people when something is wrong with backups, before they need one.
 *
 * <p>Read {@link dev.holdfast.server.notify.Notifications} first, the door. It looks around now and then by way of an {@code Observer}.
 * {@code Lookout} compares the {@code Sighting} with what it remembers in the {@code LookoutBook} and makes a {@code Notice} of
 * each change: trouble is told once, then as a reminder, and once when it is over. Each notice goes into the {@code Outbox} of every
 * channel that wants it, a folder on disk; a {@code Courier} for each channel takes it from there to its {@code Sender}, again and again
 * until it is taken. So nobody waits for a receiver: neither a backup, nor the server, nor the other channels.
 *
 * <p>Names and messages of hosts are not trusted: {@code PlainText} takes out what could forge a line, and every sender puts texts where
 * they can be nothing but text.
 */
@NullMarked
package dev.holdfast.server.notify;

import org.jspecify.annotations.NullMarked;
