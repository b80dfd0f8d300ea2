package dev.holdfast.server.store;

/** How much a realm holds: places of objects, packs and their bytes, and the space left where they lie. */
public record Stats(long objects, long packs, long bytes, long usableBytes) {}
