package dev.holdfast.server.store;

import dev.holdfast.server.pack.PackFormat;

/**
 * When a pack is closed, how much of the disk is left alone so that logs and control still work, and after how many closed packs
 * their objects move from memory into a run of the index at the latest.
 */
public record Limits(int packBytes, long reserveBytes, int runPacks) {
    public static final Limits DEFAULT = new Limits(PackFormat.TARGET_BYTES, 64L << 20);

    private static final int RUN_PACKS = 64;

    public Limits(int packBytes, long reserveBytes) {
        this(packBytes, reserveBytes, RUN_PACKS);
    }
}
