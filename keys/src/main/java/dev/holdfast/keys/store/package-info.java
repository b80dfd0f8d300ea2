/**
 * Where keys lie, and how they are made. Read {@link dev.holdfast.keys.store.KeyGeneration} first (the main path of {@code keygen}), then {@link dev.holdfast.keys.store.KeyStore} and its directory form.
 */
@NullMarked
package dev.holdfast.keys.store;

import org.jspecify.annotations.NullMarked;
