/**
 * The keys of one named machine: an SSH key to be known by and a sealing key to be given realm keys with. Read {@link
 * dev.holdfast.keys.machine.MachineKeys} first; {@link dev.holdfast.keys.machine.SshPublicKey} is what others know of it.
 *
 * <p>There are two kinds of SSH keys: Ed25519, which everybody
 * gets, and RSA, which privateer left in a Vault; {@link dev.holdfast.keys.machine.SshSecret} is the private half of either, and only
 * what meets an RSA key loads what it takes to deal with one.
 */
@NullMarked
package dev.holdfast.keys.machine;

import org.jspecify.annotations.NullMarked;
