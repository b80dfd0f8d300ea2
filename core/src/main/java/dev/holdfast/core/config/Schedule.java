package dev.holdfast.core.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a host backs up by itself; port and container are privateer's and only kept. */
public record Schedule(List<Job> jobs, OptionalInt port, Optional<String> container) {
    public Schedule {
        jobs = List.copyOf(jobs);
    }
}
