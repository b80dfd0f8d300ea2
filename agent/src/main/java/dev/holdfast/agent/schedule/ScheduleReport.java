package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the jobs of a host stand.
 *
 * @param alive whether its agent runs
 * @param paused whether somebody has stopped the schedule
 */
public record ScheduleReport(String host, boolean alive, boolean paused, List<Line> jobs) {
    /** A run may start a little late without anybody being told. */
    static final Duration GRACE = Duration.ofMinutes(15);

    public ScheduleReport {
        jobs = List.copyOf(jobs);
    }

    /** One job; {@code overdue} when the run that should have succeeded by now has not. */
    public record Line(JobState state, boolean running, boolean overdue) {}

    /**
     * Of what the book says; {@code plan} adds jobs that no agent has seen yet and takes away what is no longer wanted, where the
     * configuration can be read.
     */
    public static ScheduleReport of(String host, ScheduleBook book, Optional<Plan> plan, boolean alive, Instant now) {
        List<JobState> states = plan.map(wanted -> wanted(wanted, book, now)).orElse(book.jobs());
        List<Line> lines = new ArrayList<>();
        for (JobState state : states) {
            boolean running = alive && state.runningSince().isPresent();
            lines.add(new Line(state, running, !running && isOverdue(state, now)));
        }
        return new ScheduleReport(host, alive, book.isPaused(), lines);
    }

    private static List<JobState> wanted(Plan plan, ScheduleBook book, Instant now) {
        List<JobState> states = new ArrayList<>();
        for (Job job : plan.jobs()) {
            boolean begun = book.find(JobState.Name.of(job)).isPresent();
            JobState state = book.stateOf(job, now);
            states.add(begun ? state : state.startingAt(plan.timing().startAfter(job, now)));
        }
        return states;
    }

    private static boolean isOverdue(JobState state, Instant now) {
        return state.owedSince().orElse(state.next()).plus(GRACE).isBefore(now);
    }

    public boolean anyOverdue() {
        return jobs.stream().anyMatch(Line::overdue);
    }
}
