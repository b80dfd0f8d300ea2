package dev.holdfast.keys.store;

import java.util.Arrays;
import java.util.Optional;

/** What becomes of one entry: its new content, or empty when it goes. The content is not copied, so that its owner can wipe it. */
public record KeyChange(KeyEntry entry, Optional<byte[]> content) {
    public static KeyChange put(KeyEntry entry, byte[] content) {
        return new KeyChange(entry, Optional.of(content));
    }

    public static KeyChange remove(KeyEntry entry) {
        return new KeyChange(entry, Optional.empty());
    }

    void wipe() {
        content.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
    }

    @Override
    public String toString() {
        return (content.isPresent() ? "put " : "remove ") + entry.path();
    }
}
