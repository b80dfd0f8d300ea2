package dev.holdfast.server.store;

import dev.holdfast.server.pack.PackFormat;

/** When a pack is closed, and how much of the disk is left alone so that logs and control still work. */
public record Limits(int packBytes, long reserveBytes) {
    public static final Limits DEFAULT = new Limits(PackFormat.TARGET_BYTES, 64L << 20);
}
