/**
 * The key of a realm: what a repository is sealed under. Read {@link dev.holdfast.keys.realm.RealmKey} first (root secret and
 * epoch keys), then {@link dev.holdfast.keys.realm.SessionKey} (one data key per run, stored as a key slot) and {@link
 * dev.holdfast.keys.realm.Aead} (how bytes are sealed under it). A server that is not trusted with a realm has no business here.
 */
@NullMarked
package dev.holdfast.keys.realm;

import org.jspecify.annotations.NullMarked;
