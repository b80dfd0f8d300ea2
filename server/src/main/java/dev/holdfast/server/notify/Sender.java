package dev.holdfast.server.notify;

import dev.holdfast.core.config.NotifyEvent;
import java.util.Set;

/** Takes notices to one receiver. Returns only when the receiver has said that it has them; within a limited time in any case. */
interface Sender {
    void send(Notice notice) throws Undelivered;

    /** Whether it wants a notice when these events are asked for. */
    default boolean takes(Notice notice, Set<NotifyEvent> on) {
        return notice.occasion() != Notice.Occasion.REPEAT && notice.isFor(on);
    }

    /** Whether only the newest about each volume counts. */
    default boolean wantsNewestOnly() {
        return false;
    }
}
