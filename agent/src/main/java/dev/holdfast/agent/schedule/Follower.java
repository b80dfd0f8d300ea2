package dev.holdfast.agent.schedule;

import java.time.Instant;

/** Told what the resident agent does, from its threads; all of it returns at once. */
public interface Follower {
    /** It works by this plan from now on. */
    void adopted(Plan plan);

    /** Something about the schedule is not as it was; {@link ResidentAgent#report} says what. */
    void changed();

    /** {@code by} is who wanted the run, empty for the schedule. */
    void began(String server, String volume, String by, Instant began);

    void ended(String server, String volume, String by, RunRecord run);
}
