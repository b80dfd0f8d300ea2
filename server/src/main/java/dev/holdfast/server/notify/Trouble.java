package dev.holdfast.server.notify;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Something that is wrong and was told.
 *
 * @param toldAt when it was told last
 * @param told all kinds that it had since all was well
 */
record Trouble(Notice.Kind kind, Instant since, Instant toldAt, Set<Notice.Kind> told, Optional<Cause> cause) {
    Trouble {
        told = Set.copyOf(told);
    }

    /** New trouble, or another kind of it. */
    static Trouble begun(
            Notice.Kind kind, Instant since, Instant now, Optional<Cause> cause, Optional<Trouble> before) {
        Set<Notice.Kind> told = EnumSet.of(kind);
        before.ifPresent(trouble -> told.addAll(trouble.told));
        return new Trouble(kind, since, now, told, cause);
    }

    Trouble toldAt(Instant now) {
        return new Trouble(kind, since, now, told, cause);
    }

    /** The same, for another reason. */
    Trouble because(Cause another) {
        return new Trouble(kind, since, toldAt, told, Optional.of(another));
    }
}
