/**
 * Keys in a HashiCorp Vault or OpenBao, where privateer kept its own. Read {@link dev.holdfast.keys.vault.VaultKeyStore} first: a
 * {@link dev.holdfast.keys.store.KeyStore} whose entries are fields of secrets. {@link dev.holdfast.keys.vault.VaultCredentials} says
 * who asks, {@link dev.holdfast.keys.vault.VaultClient} carries one request and turns every way of failing into a {@link
 * dev.holdfast.keys.KeyException} that says what to do, {@link dev.holdfast.keys.vault.KvEngine} knows the two versions of the
 * key-value engine and which one answers.
 *
 * <p>Promises: no token and no key is in a message, a {@code toString} or an argument; two who write at once never overwrite one
 * another where the engine is of version 2; nothing waits for ever.
 */
@NullMarked
package dev.holdfast.keys.vault;

import org.jspecify.annotations.NullMarked;
