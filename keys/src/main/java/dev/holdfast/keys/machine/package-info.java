/**
 * The keys of one named machine: an SSH key to be known by and a sealing key to be given realm keys with. Read {@link dev.holdfast.keys.machine.MachineKeys} first; {@link dev.holdfast.keys.machine.SshPublicKey} is what others know of it.
 */
@NullMarked
package dev.holdfast.keys.machine;

import org.jspecify.annotations.NullMarked;
