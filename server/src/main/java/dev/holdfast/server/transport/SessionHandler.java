package dev.holdfast.server.transport;

import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;

/** Serves one channel. */
@FunctionalInterface
public interface SessionHandler {
    /**
     * Runs on a thread of its own until the conversation is over; the link is closed afterwards. {@code host} is
     * authenticated.
     */
    void serve(String host, ByteLink link) throws IOException;
}
