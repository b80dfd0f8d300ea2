package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.server.pack.PackId;

/** Where an object can be read; good for as long as the store is open and the pack is kept. */
public record Location(ObjectId id, PackId pack, int offset, int length, ObjectKind kind) {}
