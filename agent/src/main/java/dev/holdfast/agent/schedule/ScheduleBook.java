package dev.holdfast.agent.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.store.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of a host's schedule, one small JSON file, replaced as a whole at each change: a killed agent leaves the state before
 * or after a change, never half of one. Only who holds the lock of the agent writes it; anybody may read it.
 */
public final class ScheduleBook {
    private static final Logger log = LoggerFactory.getLogger(ScheduleBook.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;

    private final Path file;
    private final Map<JobState.Name, JobState> jobs = new LinkedHashMap<>();
    /** Of jobs that no agent has begun yet. */
    private final List<MadeSnapshot> early = new ArrayList<>();

    private boolean paused;

    private ScheduleBook(Path file) {
        this.file = file;
    }

    /** For the agent: a file that makes no sense is set aside, since an agent that does not start backs nothing up. */
    public static ScheduleBook open(Path file) {
        try {
            return read(file);
        } catch (HoldfastException e) {
            log.error("{}; it is now {}, and all jobs count as new", e.getMessage(), setAside(file));
            return new ScheduleBook(file);
        }
    }

    /** Where it is now. */
    static Path setAside(Path file) {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return aside;
    }

    /** As it is; an empty one where there is none. */
    public static ScheduleBook read(Path file) {
        ScheduleBook book = new ScheduleBook(file);
        try {
            book.take(JSON.readTree(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return book;
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.DAMAGE,
                            "the state of the schedule in " + file + " is damaged",
                            "`holdfast schedule start` sets the file aside and begins a new one."),
                    e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return book;
    }

    private static HoldfastException unreadable(Path file, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        "the state of the schedule in " + file + " cannot be read: "
                                + e.getClass().getSimpleName(),
                        "Run this as the user of the agent."),
                e);
    }

    public List<JobState> jobs() {
        return List.copyOf(jobs.values());
    }

    public Optional<JobState> find(JobState.Name name) {
        return Optional.ofNullable(jobs.get(name));
    }

    public boolean isPaused() {
        return paused;
    }

    void pause(boolean wanted) {
        paused = wanted;
    }

    void put(JobState state) {
        jobs.put(state.name(), state);
    }

    /** Keeps what somebody has made until an agent begins the job that would have made it. */
    void remember(MadeSnapshot made) {
        early.removeIf(one -> one.server().equals(made.server()) && one.volume().equals(made.volume()));
        early.add(made);
    }

    /** How a job stands; one that no agent has begun is new, and has the past of its volume. */
    JobState stateOf(Job job, Instant now) {
        JobState.Name name = JobState.Name.of(job);
        return find(name).orElseGet(() -> fresh(name, now));
    }

    private JobState fresh(JobState.Name name, Instant now) {
        Optional<JobState> before = jobs.values().stream()
                .filter(one -> one.name().server().equals(name.server())
                        && one.name().volume().equals(name.volume()))
                .findFirst();
        JobState fresh = JobState.fresh(name, now, before);
        return early.stream()
                .filter(made -> made.isOf(name))
                .findFirst()
                .map(made -> fresh.served(made.run()))
                .orElse(fresh);
    }

    /** Forgets what is no longer scheduled, and begins what is new. */
    void keepOnly(List<Job> wanted, Instant now) {
        Map<JobState.Name, JobState> kept = new LinkedHashMap<>();
        wanted.forEach(job -> kept.put(JobState.Name.of(job), stateOf(job, now)));
        jobs.clear();
        jobs.putAll(kept);
        early.clear();
    }

    /** A disk that is full must not keep backups from being made: what cannot be remembered is told. */
    void save() {
        try {
            write();
        } catch (IOException e) {
            log.error("the state of the schedule cannot be written to {}: {}", file, e.toString());
        }
    }

    void write() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", VERSION).put("paused", paused);
        ArrayNode list = root.putArray("jobs");
        jobs.values().forEach(state -> write(state, list.addObject()));
        if (!early.isEmpty()) {
            ArrayNode made = root.putArray("early");
            early.forEach(one -> made.add(one.node()));
        }
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root), "rw-------");
    }

    private static void write(JobState state, ObjectNode node) {
        node.put("server", state.name().server())
                .put("volume", state.name().volume())
                .put("schedule", state.name().schedule())
                .put("covered", state.covered().toString())
                .put("next", state.next().toString())
                .put("tries", state.tries());
        write(node, "owed_since", state.owedSince());
        write(node, "retry_at", state.retryAt());
        write(node, "running_since", state.runningSince());
        write(node, "last_good", state.lastGood());
        state.last().ifPresent(run -> write(run, node.putObject("last")));
    }

    private static void write(ObjectNode node, String name, Optional<Instant> time) {
        time.ifPresent(moment -> node.put(name, moment.toString()));
    }

    static void write(RunRecord run, ObjectNode node) {
        node.put("result", run.result().word())
                .put("began", run.began().toString())
                .put("millis", run.took().toMillis());
        run.achievement()
                .ifPresent(made -> node.put("snapshot", made.snapshot())
                        .put("files", made.files())
                        .put("bytes", made.bytes())
                        .put("bytes_sent", made.bytesSent())
                        .put("unreadable", made.unreadable()));
        run.failure()
                .ifPresent(failure -> node.put("problem", failure.code())
                        .put("message", failure.message())
                        .put("hint", failure.hint()));
    }

    private void take(JsonNode root) {
        if (root.path("version").asInt() != VERSION) {
            throw new IllegalArgumentException("version " + root.path("version"));
        }
        paused = root.path("paused").asBoolean();
        for (JsonNode node : root.path("jobs")) {
            JobState.Name name = new JobState.Name(text(node, "server"), text(node, "volume"), text(node, "schedule"));
            put(new JobState(
                    name,
                    Instant.parse(text(node, "covered")),
                    Instant.parse(text(node, "next")),
                    time(node, "owed_since"),
                    node.path("tries").asInt(),
                    time(node, "retry_at"),
                    time(node, "running_since"),
                    time(node, "last_good"),
                    node.has("last") ? Optional.of(run(node.path("last"))) : Optional.empty()));
        }
        for (JsonNode node : root.path("early")) {
            remember(MadeSnapshot.of(node));
        }
    }

    static RunRecord run(JsonNode node) {
        String word = text(node, "result");
        Map<String, RunRecord.Result> results = Arrays.stream(RunRecord.Result.values())
                .collect(Collectors.toMap(RunRecord.Result::word, result -> result));
        RunRecord.Result result = Optional.ofNullable(results.get(word))
                .orElseThrow(() -> new IllegalArgumentException("result " + word));
        Instant began = Instant.parse(text(node, "began"));
        Duration took = Duration.ofMillis(node.path("millis").asLong());
        if (node.has("snapshot")) {
            JobRunner.Achievement made = new JobRunner.Achievement(
                    text(node, "snapshot"),
                    node.path("files").asLong(),
                    node.path("bytes").asLong(),
                    node.path("bytes_sent").asLong(),
                    node.path("unreadable").asLong());
            return new RunRecord(result, began, took, Optional.of(made), Optional.empty());
        }
        return RunRecord.without(
                result,
                began,
                took,
                new RunRecord.Failure(text(node, "problem"), text(node, "message"), text(node, "hint")));
    }

    private static Optional<Instant> time(JsonNode node, String name) {
        return node.has(name) ? Optional.of(Instant.parse(text(node, name))) : Optional.empty();
    }

    static String text(JsonNode node, String name) {
        if (!node.path(name).isTextual()) {
            throw new IllegalArgumentException("no text '" + name + "'");
        }
        return node.path(name).asText();
    }
}
