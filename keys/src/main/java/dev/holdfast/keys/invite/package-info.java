/**
 * How a host without a key store joins. {@link dev.holdfast.keys.invite.InvitationCode} is what is read out to it over the telephone:
 * from the code alone come the key that it logs in with once, the server's host key, and the keys that protect its {@link
 * dev.holdfast.keys.invite.Welcome}, which the server keeps for it without being able to open or to alter it.
 */
@NullMarked
package dev.holdfast.keys.invite;

import org.jspecify.annotations.NullMarked;
