package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A scheduler with its book in a folder, and a clock that stands until it is moved. */
final class Desk implements InstantSource {
    private static final Duration STEP = Duration.ofSeconds(30);

    final Path book;
    private final Path folder;
    private Instant now;
    private Plan plan;
    private Scheduler scheduler;

    Desk(Path folder, String now, String schedule) throws IOException {
        this.folder = folder;
        this.book = folder.resolve("schedule.json");
        this.now = Instant.parse(now);
        this.plan = plan(schedule);
        this.scheduler = new Scheduler(ScheduleBook.open(book), plan, this);
    }

    @Override
    public Instant instant() {
        return now;
    }

    private Plan plan(String schedule) throws IOException {
        return Plan.of(
                ConfigurationReader.read(configuration(folder, schedule)).orThrow(),
                "alice",
                ZoneId.of("Europe/Berlin"));
    }

    /** A configuration whose host alice has that under {@code schedule}. */
    static Path configuration(Path folder, String schedule) throws IOException {
        return Files.writeString(folder.resolve("holdfast.yaml"), """
                servers: [ { name: attic, hostname: attic, port: 10022, data: /d }, { name: cellar, hostname: c, port: 1, data: /d } ]
                clients: [ { name: alice, backup: [photos, notes], schedule: { %s } } ]
                volumes: [ { name: photos }, { name: notes } ]
                """.formatted(schedule));
    }

    static String daily(String volume, String time) {
        return "{ server: attic, volume: " + volume + ", schedule: daily at " + time + " }";
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** As after {@code kill -9}: only the book is left. */
    Desk restart() {
        scheduler = new Scheduler(ScheduleBook.open(book), plan, this);
        return this;
    }

    void reconfigure(String schedule) throws IOException {
        plan = plan(schedule);
        scheduler.adopt(plan);
    }

    /** The clock is set, or the machine slept. */
    Desk at(String moment) {
        now = Instant.parse(moment);
        return this;
    }

    /** Lets time pass as it does for an agent that is running; what was begun, with its moment. */
    List<String> until(String moment) {
        List<String> begun = new ArrayList<>();
        Instant end = Instant.parse(moment);
        while (true) {
            for (Optional<Job> job = scheduler.begin(); job.isPresent(); job = scheduler.begin()) {
                begun.add(job.get().volume() + " " + now);
                succeed(job.get());
            }
            Instant next = now.plus(max(scheduler.untilNext(STEP), Duration.ofMillis(1)));
            if (next.isAfter(end)) {
                now = end;
                return begun;
            }
            now = next;
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    void succeed(Job job) {
        scheduler.succeeded(
                job, RunRecord.made(now, Duration.ofSeconds(2), new JobRunner.Achievement("abc", 1, 2, 3, 0)));
    }

    void fail(Job job, ProblemCode code) {
        scheduler.failed(job, failure(now), code.retry());
    }

    static RunRecord failure(Instant now) {
        return RunRecord.without(
                RunRecord.Result.FAILED,
                now,
                Duration.ofSeconds(1),
                new RunRecord.Failure("HF-UNREACHABLE", "server 'attic' is away", "Wait."));
    }

    JobState job() {
        return ScheduleBook.read(book).jobs().get(0);
    }
}
