package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.HostConfiguration;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.config.Listen;
import dev.holdfast.core.config.Setting;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one host shall do by itself, as one state of the configuration says.
 *
 * @param jobs each once, in the order of the file
 * @param statusPort where the status is served for monitoring
 */
public record Plan(Configuration configuration, List<Job> jobs, Timing timing, Optional<Listen> statusPort) {
    public Plan {
        jobs = List.copyOf(jobs);
    }

    /** When a job of it starts next, and after that, the soonest first. */
    public List<Instant> upcoming(JobState state, int count) {
        List<Instant> starts = new ArrayList<>();
        starts.add(state.next());
        jobs.stream()
                .filter(job -> JobState.Name.of(job).equals(state.name()))
                .findFirst()
                .ifPresent(job -> {
                    while (starts.size() < count) {
                        starts.add(timing.startAfter(job, starts.get(starts.size() - 1)));
                    }
                });
        return starts;
    }

    /** {@code zone} is that of the system, for a configuration that names none. */
    public static Plan of(Configuration configuration, String host, ZoneId zone) {
        HostConfiguration its = configuration.forHost(host);
        List<Job> jobs = its.jobs().stream().map(Setting::value).distinct().toList();
        return new Plan(
                configuration, jobs, Timing.of(its, zone), its.statusPort().value());
    }
}
