/**
 * Wrapping a small secret for the holder of an X25519 key: HPKE base mode (RFC 9180). Read {@link dev.holdfast.keys.seal.SealingKey} (anybody wraps) and {@link dev.holdfast.keys.seal.SealingSecret} (one unwraps).
 */
@NullMarked
package dev.holdfast.keys.seal;

import org.jspecify.annotations.NullMarked;
