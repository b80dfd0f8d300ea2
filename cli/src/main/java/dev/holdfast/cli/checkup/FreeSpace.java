package dev.holdfast.cli.checkup;

import dev.holdfast.cli.terminal.Sizes;

/** What free space says about a server. */
final class FreeSpace {
    private static final long LITTLE = 1L << 30;

    private FreeSpace() {}

    static Finding judge(String subject, long freeBytes) {
        String text = Sizes.show(freeBytes) + " free";
        return freeBytes < LITTLE
                ? Finding.warning(
                        subject,
                        "only " + text,
                        "Backups stop when the disk is full: make room on the server, or give it another `data` folder.")
                : Finding.ok(subject, text);
    }
}
