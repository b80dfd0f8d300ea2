package dev.holdfast.agent.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/**
 * A snapshot that somebody has made beside the schedule, in whatever process. It serves the jobs that would have made the same one:
 * what was due before it began is owed no more, and an earlier failure is over.
 *
 * @param run with a good result
 */
public record MadeSnapshot(String server, String volume, RunRecord run) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REQUEST = "made ";

    public MadeSnapshot {
        if (!run.result().isGood()) {
            throw new IllegalArgumentException("a snapshot of a run that is " + run.result());
        }
    }

    boolean isOf(JobState.Name name) {
        return name.server().equals(server) && name.volume().equals(volume);
    }

    /** Counts it in the book of a host whose agent does not run. */
    void countIn(ScheduleBook book, Plan plan) {
        List<JobState> known = jobsIn(book);
        if (known.isEmpty()) {
            book.remember(this);
        }
        for (JobState state : known) {
            JobState served = state.served(run);
            Instant next = plan.jobs().stream()
                    .filter(job -> JobState.Name.of(job).equals(state.name()))
                    .findFirst()
                    .map(job -> plan.timing().startAfter(job, served.covered()))
                    .orElse(served.next());
            book.put(served.startingAt(next));
        }
    }

    List<JobState> jobsIn(ScheduleBook book) {
        return book.jobs().stream().filter(state -> isOf(state.name())).toList();
    }

    static boolean isRequest(String request) {
        return request.startsWith(REQUEST);
    }

    /** What the agent is told through its control socket. */
    String request() {
        return REQUEST + node();
    }

    ObjectNode node() {
        ObjectNode node = JSON.createObjectNode().put("server", server).put("volume", volume);
        ScheduleBook.write(run, node);
        return node;
    }

    static MadeSnapshot of(JsonNode node) {
        return new MadeSnapshot(
                ScheduleBook.text(node, "server"), ScheduleBook.text(node, "volume"), ScheduleBook.run(node));
    }

    static MadeSnapshot parse(String request) throws IOException {
        try {
            return of(JSON.readTree(request.substring(REQUEST.length())));
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new IOException("this tells of no snapshot", e);
        }
    }
}
