/**
 * The store of a server: one {@link dev.holdfast.server.store.Repository}, in it one {@link
 * dev.holdfast.server.store.RealmStore} per realm, in it the packs and the snapshot log. Read {@link
 * dev.holdfast.server.store.Ingest} first: the path on which everything comes in, and the two rules that it enforces in one
 * place (complete by induction, no poisoning). What it says is safe survives a power loss.
 */
@NullMarked
package dev.holdfast.server.store;

import org.jspecify.annotations.NullMarked;
