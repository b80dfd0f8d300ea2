package dev.holdfast.core.config;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** What a run may use: bytes per second on the wire, threads, bytes of memory; empty means no limit beyond the built-in ones. */
public record Limits(OptionalLong bandwidth, OptionalInt threads, OptionalLong memory) {
    public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalInt.empty(), OptionalLong.empty());
}
