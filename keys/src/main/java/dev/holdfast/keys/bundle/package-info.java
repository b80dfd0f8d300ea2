/**
 * Everything that a host needs, in one file under a passphrase, for hosts that cannot reach the key store. Read {@link dev.holdfast.keys.bundle.Bundle} first.
 */
@NullMarked
package dev.holdfast.keys.bundle;

import org.jspecify.annotations.NullMarked;
