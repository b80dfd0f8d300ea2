package dev.holdfast.core.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a host will do by itself for the server that it is said to.
 *
 * @param paused whether somebody has stopped the schedule
 * @param zone of the times in it
 */
public record Announcement(boolean paused, String zone, List<Job> jobs) {
    public static final int MOST_JOBS = 512;
    /** How many of the next times of a job are worth telling. */
    public static final int MOST_DUE = 4;

    /**
     * One job. Times are distances from the moment of sending.
     *
     * @param schedule as the configuration has it
     * @param owedFor for how long a run has been due that has not succeeded yet
     * @param due when it starts next, the soonest first
     */
    public record Job(String volume, String schedule, Optional<Duration> owedFor, List<Duration> due) {
        public Job {
            due = List.copyOf(due);
            if (due.size() > MOST_DUE) {
                throw new IllegalArgumentException(due.size() + " times of a job");
            }
        }
    }

    public Announcement {
        jobs = List.copyOf(jobs);
        if (jobs.size() > MOST_JOBS) {
            throw new IllegalArgumentException(jobs.size() + " jobs");
        }
    }

    public void encode(Encoder out) {
        out.u8(paused ? 1 : 0).string(zone).varint(jobs.size());
        for (Job job : jobs) {
            out.string(job.volume).string(FleetLimits.clip(job.schedule, FleetLimits.SCHEDULE_BYTES));
            out.u8(job.owedFor.isPresent() ? 1 : 0);
            job.owedFor.ifPresent(age -> FleetLimits.duration(out, age));
            out.varint(job.due.size());
            job.due.forEach(distance -> FleetLimits.duration(out, distance));
        }
    }

    public static Announcement decode(Decoder in) throws MalformedException {
        boolean paused = FleetLimits.flag(in);
        String zone = in.string(FleetLimits.ZONE_BYTES);
        List<Job> jobs = new ArrayList<>();
        for (int left = in.count(MOST_JOBS); left > 0; left--) {
            jobs.add(job(in));
        }
        return new Announcement(paused, zone, jobs);
    }

    private static Job job(Decoder in) throws MalformedException {
        String volume = in.string(FleetLimits.NAME_BYTES);
        String schedule = in.string(FleetLimits.SCHEDULE_BYTES);
        Optional<Duration> owed = FleetLimits.flag(in) ? Optional.of(FleetLimits.duration(in)) : Optional.empty();
        List<Duration> due = new ArrayList<>();
        for (int left = in.count(MOST_DUE); left > 0; left--) {
            due.add(FleetLimits.duration(in));
        }
        return new Job(volume, schedule, owed, due);
    }
}
