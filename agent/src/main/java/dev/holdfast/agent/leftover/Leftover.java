package dev.holdfast.agent.leftover;

import dev.holdfast.core.problem.Problem;
import java.util.Locale;

/**
 * Something that interrupted runs have left to be done.
 *
 * @param subject what it is about, for people
 * @param problem what it is, and what to do
 * @param grave whether somebody waits for it
 */
public record Leftover(Kind kind, String subject, Problem problem, boolean grave) {
    /** What has to be done about it. */
    public enum Kind {
        /** A restore is to be given again. */
        RESTORE,
        /** Containers are to be put back as they were. */
        CONTAINERS,
        /** A hook is to be run. */
        HOOK,
        /** It cannot be read what was left. */
        UNKNOWN;

        /** How programs are told of it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
