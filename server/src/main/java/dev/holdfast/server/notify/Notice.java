package dev.holdfast.server.notify;

import dev.holdfast.core.config.NotifyEvent;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Something to be told.
 *
 * @param server that tells it
 * @param host empty, with {@code volume}, for what is about the server itself
 * @param at when it was noticed
 * @param since when it began, of trouble
 * @param lastGood the last snapshot that lacks nothing
 * @param cause why, where that is known
 * @param hint what to do, where there is something; of a cause it is that of the cause
 * @param over the trouble that this ends
 * @param title one line
 * @param html the same as {@code text} for who can show it; empty when there is nothing to show but the text
 */
record Notice(
        Kind kind,
        Occasion occasion,
        String server,
        String host,
        String volume,
        Instant at,
        Optional<Instant> since,
        Optional<LastGood> lastGood,
        Optional<Cause> cause,
        String hint,
        Set<Kind> over,
        String title,
        String text,
        String html) {
    Notice {
        title = PlainText.line(title);
        text = PlainText.text(text);
        over = Set.copyOf(over);
    }

    enum Kind {
        /** A backup began; only for those who follow every run. */
        STARTED,
        /** A whole snapshot was made; only for those who follow every run. */
        DONE,
        FAILED(NotifyEvent.FAILED),
        PARTIAL(NotifyEvent.PARTIAL),
        MISSED(NotifyEvent.MISSED),
        RECOVERED(NotifyEvent.RECOVERED),
        DAMAGE(NotifyEvent.DAMAGE),
        SPACE(NotifyEvent.SPACE),
        DIGEST(NotifyEvent.DIGEST),
        TEST;

        private final Optional<NotifyEvent> event;

        Kind() {
            this.event = Optional.empty();
        }

        Kind(NotifyEvent event) {
            this.event = Optional.of(event);
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether something is wrong. */
        boolean isTrouble() {
            return EnumSet.of(FAILED, PARTIAL, MISSED, DAMAGE, SPACE).contains(this);
        }

        private boolean isIn(Set<NotifyEvent> on) {
            return event.filter(on::contains).isPresent();
        }
    }

    enum Occasion {
        FIRST,
        /** The same again, in another run: only for those who follow every run. */
        REPEAT,
        /** It was told before and still lasts. */
        REMINDER
    }

    record LastGood(String snapshot, Instant at) {}

    /** Whether those want it who asked for these: also the end of what they asked for, be it by something that they did not. */
    boolean isFor(Set<NotifyEvent> on) {
        boolean ends = on.contains(NotifyEvent.RECOVERED) && over.stream().anyMatch(kind -> kind.isIn(on));
        return ends || (kind != Kind.RECOVERED && kind.isIn(on));
    }

    boolean isAboutABackup() {
        return !host.isEmpty();
    }

    boolean isReminder() {
        return occasion == Occasion.REMINDER;
    }
}
