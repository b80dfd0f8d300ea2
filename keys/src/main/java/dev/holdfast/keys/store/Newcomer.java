package dev.holdfast.keys.store;

import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import java.util.Optional;

/**
 * A machine that made its keys itself and told a server the public ones. They count for as long as the key store has what it had when
 * the machine was invited; once it has anything else, as after {@code keygen}, the key store is right.
 *
 * @param before the SSH key that the key store had of it then, beside a sealing key: an SSH key alone, as privateer leaves one, is no set of keys
 */
public record Newcomer(MachinePublicKeys keys, Optional<SshPublicKey> before) {
    public boolean counts(StoredKeys store) {
        return store.findPublic(keys.name()).map(MachinePublicKeys::ssh).equals(before);
    }
}
