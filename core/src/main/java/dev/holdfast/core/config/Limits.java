package dev.holdfast.core.config;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What a run may use: bytes per second on the wire, threads, bytes of memory; empty means no limit beyond the built-in ones. */
public record Limits(Optional<Bandwidth> bandwidth, OptionalInt threads, OptionalLong memory) {
    public static final Limits NONE = new Limits(Optional.empty(), OptionalInt.empty(), OptionalLong.empty());
}
