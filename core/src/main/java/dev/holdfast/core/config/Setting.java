package dev.holdfast.core.config;

/** A value that is in force, and where it comes from. */
public record Setting<T>(T value, Origin origin) {}
